import { isObject, type Json } from '../../kernel/index.ts'
import type { TableDefinition } from '../metadata/table.ts'
import { type EncodeField, type Encoding, type EncodingContext, report } from './encoding.ts'
import { onlyWithCreate } from './lookup-field.ts'
import { readReference, type Way } from './reference.ts'
import { Refusal } from './values/refusal.ts'

/** The table of those who take part in an activity. */
const PARTY_TABLE = 'activityparty'

/**
 * The columns of activities by which their parties are given, with their `participationtypemask`.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/activityparty
 */
export const PARTY_ROLES: Readonly<Record<string, number>> = {
  from: 1,
  to: 2,
  cc: 3,
  bcc: 4,
  requiredattendees: 5,
  optionalattendees: 6,
  organizer: 7,
  resources: 10,
  customers: 11,
}

/** Prepares the writing of many related rows: those that exist are bound, others are created along. */
export function collectionField(way: Way, context: EncodingContext): EncodeField {
  const parties = way.target === PARTY_TABLE
  return (value, encoding, name) => {
    if (!Array.isArray(value)) {
      report(encoding, name, new Refusal('it is not a list', 'Give a list of rows or references.'))
      return
    }
    if (!mayCarry(context, parties)) {
      report(encoding, name, parties ? partiesApart() : onlyWithCreate())
      return
    }
    value.forEach((item, index) => {
      addItem(item, { way, context, encoding, name: `${name}[${index}]`, parties })
    })
  }
}

/** Prepares the writing of one role in an activity, such as `to`; none for a column without one. */
export function partyField(
  column: string,
  table: TableDefinition,
  context: EncodingContext,
): EncodeField | undefined {
  const role = PARTY_ROLES[column]
  const relation = partiesRelation(table)
  if (role === undefined || relation === undefined) return undefined
  const write = collectionField({ target: PARTY_TABLE, property: relation.property }, context)
  return (value, encoding, name) => {
    if (value === null) return
    const parties = Array.isArray(value) ? value : [value]
    write(
      parties.map((party) => partyRow(party, role)),
      encoding,
      name,
    )
  }
}

/** The way from an activity to its parties; none from other tables. */
export function partiesRelation({ isActivity, oneToMany }: TableDefinition): Way | undefined {
  const found = oneToMany.find(
    ({ target, column }) => target === PARTY_TABLE && column === 'activityid',
  )
  return isActivity ? found : undefined
}

/** Makes the row of a party: of an e-mail address that belongs to nobody, or of whom a reference names. */
function partyRow(party: unknown, role: number): Readonly<Record<string, unknown>> {
  const participationtypemask = role
  // An address of a row has parentheses.
  if (typeof party === 'string' && /^[^\s@()]+@[^\s@()]+$/.test(party)) {
    return { addressused: party, participationtypemask }
  }
  const whole = isObject(party) && ('partyid' in party || 'addressused' in party)
  return whole ? { participationtypemask, ...party } : { partyid: party, participationtypemask }
}

interface Item {
  readonly way: Way
  readonly context: EncodingContext
  readonly encoding: Encoding
  readonly name: string
  readonly parties: boolean
}

function addItem(value: unknown, { way, context, encoding, name, parties }: Item): void {
  const reference =
    parties && isObject(value) ? { way, row: value } : readReference(value, [way], context)
  if (reference instanceof Refusal) report(encoding, name, reference)
  else if ('address' in reference) {
    append(encoding, `${way.property}@odata.bind`, reference.address)
  } else {
    const path = `${encoding.path}${name}.`
    const body = context.nested(way.target, reference.row, path, encoding.problems)
    if (body !== undefined) append(encoding, way.property, body)
  }
}

function append({ body }: Encoding, property: string, value: Json): void {
  const known = body[property]
  body[property] = Array.isArray(known) ? [...known, value] : [value]
}

function mayCarry({ purpose }: EncodingContext, parties: boolean): boolean {
  return purpose === 'create' || (parties && purpose === 'upsert')
}

function partiesApart(): Refusal {
  return new Refusal(
    'the parties of an activity are not changed by an update',
    'Replace them all at once, with setParties.',
  )
}
