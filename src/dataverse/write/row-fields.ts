import type { Json } from '../../kernel/index.ts'
import type { Column } from '../metadata/column.ts'
import { isLookup } from '../metadata/column-type.ts'
import { nearNames } from '../near-names.ts'
import { asJson, bindingEncoder, type EncodeBinding } from './bind-field.ts'
import { collectionField, PARTY_ROLES, partyField } from './collection-field.ts'
import { type EncodeField, type Encoding, type EncodingContext, put, report } from './encoding.ts'
import { lookupField, waysOf } from './lookup-field.ts'
import { stateCheck } from './state-pair.ts'
import { Refusal } from './values/refusal.ts'
import { encodeGuid } from './values/text.ts'
import { valueEncoder } from './values/value.ts'

/** How the values of one table's rows are written, by their names. */
export interface RowFields {
  readonly fields: ReadonlyMap<string, EncodeField>
  /** For names that are none of them. */
  readonly other: EncodeField
  /** Looks at the whole row. */
  readonly check: (encoding: Encoding) => void
}

const BIND = '@odata.bind'

/** Prepares the writing of a table's rows; the columns of `key` are left to what names the row. */
export function rowFields(context: EncodingContext, key: ReadonlySet<string>): RowFields {
  const { table } = context
  const fields = new Map<string, EncodeField>()
  for (const relation of [...table.oneToMany, ...table.manyToMany]) {
    fields.set(relation.property, collectionField(relation, context))
  }
  // The columns of parties are no properties of the Web API, so that a definition may not tell them.
  if (!table.columns.some(({ type }) => type === 'partylist')) addRoles(fields, context)
  for (const column of table.columns) addColumn(fields, column, context, key)
  return { fields, other: otherField(fields, context), check: stateCheck(table) }
}

function addRoles(fields: Map<string, EncodeField>, context: EncodingContext): void {
  for (const role of Object.keys(PARTY_ROLES)) {
    const write = partyField(role, context.table, context)
    if (write !== undefined) fields.set(role, write)
  }
}

function addColumn(
  fields: Map<string, EncodeField>,
  column: Column,
  context: EncodingContext,
  key: ReadonlySet<string>,
): void {
  const { logicalName } = column
  const property = `_${logicalName}_value`
  if (key.has(logicalName)) {
    fields.set(logicalName, leaveOut)
    if (isLookup(column.type)) fields.set(property, leaveOut)
  } else if (logicalName === context.table.primaryIdColumn) {
    fields.set(logicalName, idField(context))
  } else if (column.type === 'partylist') {
    fields.set(logicalName, partyField(logicalName, context.table, context) ?? refuse(noParties()))
  } else if (!isLookup(column.type)) {
    fields.set(logicalName, writable(column, context) ?? plainField(column))
  } else {
    const refused = writable(column, context)
    const ways = waysOf(column)
    for (const way of ways) fields.set(way.property, refused ?? lookupField([way], context))
    const write = refused ?? lookupField(ways, context)
    fields.set(logicalName, write)
    fields.set(property, write)
  }
}

const leaveOut: EncodeField = () => undefined

// The id of a new row is a value of it; otherwise it tells which row is meant.
function idField({ purpose }: EncodingContext): EncodeField {
  return (value, encoding, name) => {
    const id = encodeGuid(value)
    if (id instanceof Refusal) report(encoding, name, id)
    else if (purpose === 'create') encoding.body[name] = id
    else encoding.id = String(id)
  }
}

function plainField(column: Column): EncodeField {
  const encode = valueEncoder(column) ?? asJson
  return (value, encoding, name) => put(encoding, name, value === null ? null : encode(value))
}

/** What refuses or passes over a column that cannot be written; `undefined` where it can. */
function writable(column: Column, context: EncodingContext): EncodeField | undefined {
  const { purpose, readOnlyColumns } = context
  const { creatable, updatable, attributeOf } = column
  const may =
    purpose === 'create' ? creatable : purpose === 'update' ? updatable : creatable || updatable
  const apart = column.type === 'file'
  if (may && !apart) return undefined
  if (readOnlyColumns === 'skip') return leaveOut
  if (apart) return refuse(fileApart())
  return refuse(readOnly(column, attributeOf))
}

function readOnly(column: Column, attributeOf: string | undefined): Refusal {
  if (attributeOf !== undefined) {
    return new Refusal(`it only accompanies ${attributeOf}`, `Write ${attributeOf} instead.`)
  }
  const { creatable, updatable } = column
  const when = creatable ? 'when a row is created' : 'when the row is there already'
  return new Refusal(
    creatable || updatable ? `it can be written only ${when}` : 'it cannot be written',
    'Leave it out.',
  )
}

function refuse(refusal: Refusal): EncodeField {
  return (_, encoding, name) => report(encoding, name, refusal)
}

function fileApart(): Refusal {
  return new Refusal(
    'a file is not part of its row',
    'Write the row first, and upload the file to it.',
  )
}

function noParties(): Refusal {
  return new Refusal(
    'its parties cannot be written by this column',
    'Give rows of activityparty by the activity’s own navigation property.',
  )
}

function otherField(
  fields: ReadonlyMap<string, EncodeField>,
  context: EncodingContext,
): EncodeField {
  let bind: EncodeBinding | undefined
  return (value, encoding, name) => {
    const at = name.indexOf('@')
    if (at > 0 && name.slice(at) === BIND) {
      bind ??= bindingEncoder(context)
      bind(value, encoding, name.slice(0, at))
    } else if (at < 0) {
      if (context.unknownColumns === 'pass')
        put(encoding, name, asJson(value) satisfies Json | Refusal)
      else report(encoding, name, unknownColumn(name, context, fields.keys()))
    }
    // Other annotations are the service's own words about a row that was read.
  }
}

function unknownColumn(name: string, { table }: EncodingContext, names: Iterable<string>): Refusal {
  const near = nearNames(name, names)
  return new Refusal(
    `the table ${table.logicalName} has no column of this name`,
    near.length === 0 ? 'Use the column’s logical name.' : `Did you mean ${near.join(' or ')}?`,
  )
}
