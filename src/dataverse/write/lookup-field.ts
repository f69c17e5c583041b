import { isObject } from '../../kernel/index.ts'
import type { Column } from '../metadata/column.ts'
import { type EncodeField, type Encoding, type EncodingContext, report } from './encoding.ts'
import { readReference, type Way } from './reference.ts'
import { Refusal } from './values/refusal.ts'

const TARGET_ANNOTATION = '@Microsoft.Dynamics.CRM.lookuplogicalname'

/** Finds the ways through a lookup, with the navigation properties that the service itself names. */
export function waysOf(column: Column): readonly Way[] {
  const { navigation = [], targets = [] } = column
  // A lookup of owners has one navigation property, to what users and teams have in common.
  const shared = column.type === 'owner' ? navigation[0]?.property : undefined
  const ways = targets.flatMap((target) => {
    const property = navigation.find((one) => one.target === target)?.property ?? shared
    return property === undefined ? [] : [{ target, property }]
  })
  return ways.length > 0 ? ways : navigation.map(({ target, property }) => ({ target, property }))
}

/** Prepares the writing of a lookup: as a binding of the right navigation property. */
export function lookupField(ways: readonly Way[], context: EncodingContext): EncodeField {
  const properties = [...new Set(ways.map(({ property }) => property))]
  const [clearing] = properties
  return (value, encoding, name) => {
    if (properties.some((one) => isWritten(encoding, one))) {
      report(encoding, name, new Refusal('the lookup is given twice', 'Give it once.'))
      return
    }
    if (isEmpty(value)) {
      // A new row has nothing to clear.
      if (context.purpose !== 'create' && clearing !== undefined) {
        encoding.body[`${clearing}@odata.bind`] = null
      }
      return
    }
    const told = ways.length > 1 ? annotatedTarget(encoding, name) : undefined
    const candidates = told === undefined ? ways : ways.filter(({ target }) => target === told)
    const reference = readReference(value, candidates, context)
    if (reference instanceof Refusal) report(encoding, name, reference)
    else if ('address' in reference) {
      encoding.body[`${reference.way.property}@odata.bind`] = reference.address
    } else createAlong(reference, context, encoding, name)
  }
}

// Who fills in a form names the table always, and the row only where there is one.
function isEmpty(value: unknown): boolean {
  if (!isObject(value)) return value === null || value === ''
  const { table, id, ...others } = value
  return table !== undefined && (id === null || id === '') && Object.keys(others).length === 0
}

function isWritten({ body }: Encoding, property: string): boolean {
  return body[`${property}@odata.bind`] !== undefined || body[property] !== undefined
}

// A row that was read with annotations says itself where its lookups lead.
function annotatedTarget({ row }: Encoding, name: string): string | undefined {
  const told = row[`${name}${TARGET_ANNOTATION}`]
  return typeof told === 'string' ? told : undefined
}

function createAlong(
  { way, row }: { readonly way: Way; readonly row: Readonly<Record<string, unknown>> },
  context: EncodingContext,
  encoding: Encoding,
  name: string,
): void {
  if (context.purpose !== 'create') {
    report(encoding, name, onlyWithCreate())
    return
  }
  const path = `${encoding.path}${name}.`
  const body = context.nested(way.target, row, path, encoding.problems)
  if (body !== undefined) encoding.body[way.property] = body
}

/** Tells that rows are created along only with a new row. */
export function onlyWithCreate(): Refusal {
  return new Refusal(
    'related rows can be written along only when their row is created',
    'Write the related row on its own, and refer to it by its id.',
  )
}
