import { DataverseError } from '../../../dataverse/index.ts'
import { isObject, type Json, type JsonObject } from '../../../kernel/index.ts'
import { ConnectError } from '../connect-error.ts'
import { explanationOf } from '../explanation-of.ts'
import { askWhoAmI } from '../who-am-i.ts'
import type { Examination } from './examination.ts'
import type { Finding, Stage } from './stage.ts'

/** What the environment itself says to the token. */
export const environmentStages: readonly Stage<Examination>[] = [
  {
    name: 'who-am-i',
    title: 'User',
    checked: 'Whom the environment takes the caller for, and whether it is the same as before.',
    needs: ['api-version', 'token', 'token-claims'],
    run: checkUser,
  },
  {
    name: 'organization',
    title: 'Organization and version',
    checked: 'Name, version and directory of the organization.',
    needs: ['who-am-i'],
    run: checkOrganization,
  },
  {
    name: 'metadata',
    title: 'Metadata',
    checked: 'Whether the definitions of a table can be read.',
    needs: ['who-am-i'],
    run: checkMetadata,
  },
  {
    name: 'table',
    title: 'Rows',
    checked: 'Whether a row of a table can be read.',
    needs: ['who-am-i'],
    run: checkTable,
  },
  {
    name: 'change-tracking',
    title: 'Change tracking',
    checked: 'Whether the environment reports changes and deletions of a table.',
    needs: ['metadata', 'table'],
    run: checkChangeTracking,
  },
  {
    name: 'bulk-messages',
    title: 'Bulk messages',
    checked: 'Which messages the environment offers to write many rows at once.',
    needs: ['table'],
    run: checkBulkMessages,
  },
  {
    name: 'limits',
    title: 'Limits',
    checked:
      "What the environment's answers say of its limits and of the best number of calls at once.",
    needs: ['who-am-i'],
    run: checkLimits,
  },
]

async function checkUser({ client, credential, signal }: Examination): Promise<Finding> {
  const who = await askWhoAmI(client, credential, options(signal))
  const { userId, businessUnitId, organizationId } = who
  const pinned = credential.identity
  const same =
    pinned === undefined || (pinned.userId === userId && pinned.organizationId === organizationId)
  if (same) return { evidence: { userId, businessUnitId, organizationId } }
  throw new ConnectError('identity_changed', {
    what: 'The environment takes the caller for somebody else than when the Credential was connected.',
    why:
      pinned.organizationId === organizationId
        ? 'The organization is the same, the user is another.'
        : 'The organization behind this address is another; it was restored, copied or replaced.',
    remedy: 'If this is meant, reconnect the Credential and accept the new identity.',
    facts: { userId, organizationId, pinned: { ...pinned } },
  })
}

async function checkOrganization({ client, found, signal }: Examination): Promise<Finding> {
  const { id, name, version, tenantId, geo } = await client.organization(options(signal))
  const evidence = {
    organizationId: id,
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(geo === undefined ? {} : { geo }),
  }
  const expected = found.discovery?.tenantId
  if (tenantId === undefined || expected === undefined) return { evidence }
  if (tenantId.toLowerCase() === expected.toLowerCase()) return { evidence }
  const fault = new ConnectError('tenant_mismatch', {
    what: 'The organization names another directory than its challenge does.',
    why: `It says ${tenantId}, its challenge ${expected}.`,
    remedy: 'Ask the administrator whether the environment is being moved to another directory.',
    who: 'crm-administrator',
  })
  return { evidence, doubt: explanationOf(fault) }
}

const PROBED = 'account'

async function checkMetadata({ client, signal }: Examination): Promise<Finding> {
  const table = await client.metadata.table(PROBED, options(signal))
  return {
    evidence: {
      table: table.logicalName,
      entitySetName: table.entitySetName ?? null,
      columns: table.columns.length,
    },
  }
}

const CANDIDATES = [
  { table: 'account', set: 'accounts', id: 'accountid' },
  { table: 'contact', set: 'contacts', id: 'contactid' },
  { table: 'systemuser', set: 'systemusers', id: 'systemuserid' },
] as const

// A user may well lack one table and be given others: only if none can be read, something is wrong.
async function checkTable({ client, found, signal }: Examination): Promise<Finding> {
  const refused: string[] = []
  let reason: unknown
  for (const { table, set, id } of CANDIDATES) {
    try {
      const pages = client.pages(set, { select: [id], top: 1 }, options(signal))
      const rows = (await pages.next()).value?.rows.length ?? 0
      found.table = table
      return { evidence: { table, rows, ...(refused.length === 0 ? {} : { refused }) } }
    } catch (error) {
      if (!(error instanceof DataverseError) || error.status !== 403) throw error
      refused.push(table)
      reason ??= error
    }
  }
  throw reason ?? new ConnectError('table_unreadable', NO_TABLE)
}

const NO_TABLE = {
  what: 'No table could be read.',
  why: 'None of the security roles of the user lets it read accounts, contacts or users.',
  remedy: 'Let an administrator assign a security role that can read at least one table.',
  who: 'crm-administrator',
} as const

async function checkChangeTracking({ client, found, signal }: Examination): Promise<Finding> {
  const table = found.table ?? PROBED
  const path = `EntityDefinitions(LogicalName='${table}')?$select=LogicalName,ChangeTrackingEnabled`
  const { body } = await client.raw({ method: 'GET', path, ...options(signal) })
  const tracked = isObject(body) && body['ChangeTrackingEnabled'] === true
  return { evidence: { table, changeTracking: tracked } }
}

const MESSAGES = ['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple', 'DeleteMultiple'] as const

// https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations#availability-with-standard-tables
async function checkBulkMessages({ client, found, signal }: Examination): Promise<Finding> {
  const table = found.table ?? PROBED
  const offered: string[] = []
  for (const message of MESSAGES) {
    const path = `sdkmessagefilters?$select=sdkmessagefilterid&$filter=sdkmessageid/name eq @message and primaryobjecttypecode eq @table&@message='${message}'&@table='${table}'`
    const { body } = await client.raw({ method: 'GET', path, ...options(signal) })
    const rows = isObject(body) ? body['value'] : undefined
    if (Array.isArray(rows) && rows.length > 0) offered.push(message)
  }
  return { evidence: { table, offered } }
}

const LIMIT_HEADERS: readonly (readonly [header: string, name: string])[] = [
  ['x-ms-ratelimit-burst-remaining-xrm-requests', 'requestsRemaining'],
  ['x-ms-ratelimit-time-remaining-xrm-requests', 'computingSecondsRemaining'],
  ['x-ms-dop-hint', 'callsAtOnce'],
]

async function checkLimits({ client, signal }: Examination): Promise<Finding> {
  const { headers } = await client.raw({ method: 'GET', path: 'WhoAmI', ...options(signal) })
  return { evidence: limitsIn(headers) }
}

/** Reads the limit headers: numbers may have thousands separators, and may be missing. */
export function limitsIn(headers: Readonly<Record<string, string>>): JsonObject {
  const found: Record<string, Json> = {}
  for (const [header, name] of LIMIT_HEADERS) {
    const text = headers[header]?.replaceAll(',', '').trim()
    if (text !== undefined && text !== '' && Number.isFinite(Number(text))) {
      found[name] = Number(text)
    }
  }
  return found
}

function options(signal: AbortSignal | undefined) {
  return signal === undefined ? {} : { signal }
}
