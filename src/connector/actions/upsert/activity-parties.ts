import {
  changeSet,
  type DataverseClient,
  DataverseError,
  type InputRow,
  PARTY_ROLES,
  partiesRelation,
  type Row,
  type RowKey,
  type Upserted,
} from '../../../dataverse/index.ts'
import { isObject } from '../../../kernel/index.ts'
import type { ReadableTable } from '../../fields/object-type.ts'
import { changeSetFailure } from '../change-set-failure.ts'

/** The columns of a row that give the parties of an activity; none where it is no activity. */
export function partyColumns(table: ReadableTable, row: InputRow): readonly string[] {
  const hasParties = partiesRelation(table) !== undefined
  return hasParties ? Object.keys(row).filter((name) => Object.hasOwn(PARTY_ROLES, name)) : []
}

/**
 * Writes an activity together with its parties. Where it is there already, the service replaces all parties
 * at once only: those in roles that the row does not give are read first, and stay.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/associate-disassociate-entities-using-web-api
 */
export async function upsertActivity(
  dataverse: DataverseClient,
  table: ReadableTable,
  key: RowKey,
  row: InputRow,
  signal: AbortSignal,
): Promise<Upserted> {
  const { logicalName, primaryIdColumn = 'activityid' } = table
  const given = new Set(partyColumns(table, row))
  const present = await presentParties(dataverse, table, key, signal)
  if (present === undefined) {
    return dataverse.upsert(logicalName, key, row, { returning: true, signal })
  }
  const entries = Object.entries(row)
  const rest = Object.fromEntries(entries.filter(([name]) => !given.has(name)))
  const parties = Object.fromEntries(entries.filter(([name]) => given.has(name)))
  const kept = inRoles(present.filter(({ role }) => !given.has(role)))
  const [outcomes] = await dataverse.batch(
    [
      changeSet([
        await dataverse.prepare.update(logicalName, key, rest, { returning: true, signal }),
        await dataverse.prepare.setParties(logicalName, key, { ...kept, ...parties }, { signal }),
      ]),
    ],
    { signal },
  )
  const failure = changeSetFailure(outcomes)
  if (failure !== undefined) throw failure.error
  const [updated] = outcomes
  const stored = updated.ok ? updated.value.row : undefined
  const id = stored?.[primaryIdColumn]
  return {
    outcome: 'updated',
    ...(typeof id === 'string' ? { id } : {}),
    ...(stored === undefined ? {} : { row: stored }),
  }
}

interface Party {
  readonly role: string
  readonly reference: unknown
}

const LEADS_TO = 'Microsoft.Dynamics.CRM.lookuplogicalname'

/** Reads the parties of an activity; nothing where the activity is not there. */
async function presentParties(
  dataverse: DataverseClient,
  table: ReadableTable,
  key: RowKey,
  signal: AbortSignal,
): Promise<readonly Party[] | undefined> {
  const { entitySetName, primaryIdColumn = 'activityid' } = table
  const property = partiesRelation(table)?.property ?? ''
  const select = ['participationtypemask', 'addressused', '_partyid_value']
  try {
    const row: Row = await dataverse.row(entitySetName, key, {
      select: [primaryIdColumn],
      expand: [{ property, select }],
      annotations: [LEADS_TO],
      signal,
    })
    const parties = row[property]
    return Array.isArray(parties) ? parties.flatMap(readParty) : []
  } catch (error) {
    if (error instanceof DataverseError && error.code === 'not_found') return undefined
    throw error
  }
}

// The owner and the row that an activity regards are parties too, which the service sees to itself.
function readParty(party: unknown): readonly Party[] {
  if (!isObject(party)) return []
  const mask = party['participationtypemask']
  const role = Object.keys(PARTY_ROLES).find((name) => PARTY_ROLES[name] === mask)
  if (role === undefined) return []
  const { _partyid_value: id, addressused } = party
  const table = party[`_partyid_value@${LEADS_TO}`]
  return [{ role, reference: typeof id === 'string' ? { table, id } : addressused }]
}

function inRoles(parties: readonly Party[]): Readonly<Record<string, readonly unknown[]>> {
  const roles: Record<string, unknown[]> = {}
  for (const { role, reference } of parties) {
    roles[role] ??= []
    roles[role].push(reference)
  }
  return roles
}
