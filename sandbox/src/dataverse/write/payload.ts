import { badPayload, Fault, notSupported } from '../fault.ts'
import { readImage } from '../files/images.ts'
import { NAMESPACE } from '../query/expression.ts'
import { refuseManyToMany, refuseUnserved } from '../query/scope.ts'
import type { Request } from '../request.ts'
import type { Collection, Column, Single, Table } from '../schema/model.ts'
import type { Reference, Value } from '../store/rows.ts'
import type { Body } from './body.ts'
import { followLink } from './references.ts'
import { readValue } from './values.ts'

/** What a payload says, checked: values to set, and rows to make or to tie. */
export interface Payload {
  readonly values: Map<Column, Value>
  /** The primary key, when the payload gives it. */
  readonly id: string | undefined
  readonly singles: readonly { readonly single: Single; readonly body: unknown }[]
  readonly collections: readonly { readonly collection: Collection; readonly bodies: unknown }[]
  readonly ties: readonly { readonly collection: Collection; readonly rows: readonly Reference[] }[]
}

const BIND = '@odata.bind'
const READ_BACK = /^@(?:odata\.(?:etag|context|editLink|readLink)|(?!odata\.)[^@]*\.[^@]+)$/

/**
 * Reads a payload for a table.
 * @throws Fault for names that are unknown in exactly this case, and for values that do not fit
 */
export function readPayload(
  request: Request,
  table: Table,
  body: Body,
  purpose: 'create' | 'update',
): Payload {
  const reader = new PayloadReader(request, table, purpose)
  for (const [name, value] of Object.entries(body)) reader.read(name, value)
  return reader.payload()
}

class PayloadReader {
  readonly #request: Request
  readonly #table: Table
  readonly #purpose: 'create' | 'update'
  readonly #values = new Map<Column, Value>()
  readonly #singles: { single: Single; body: unknown }[] = []
  readonly #collections: { collection: Collection; bodies: unknown }[] = []
  readonly #ties: { collection: Collection; rows: Reference[] }[] = []
  #id: string | undefined

  constructor(request: Request, table: Table, purpose: 'create' | 'update') {
    this.#request = request
    this.#table = table
    this.#purpose = purpose
  }

  payload(): Payload {
    return {
      values: this.#values,
      id: this.#id,
      singles: this.#singles,
      collections: this.#collections,
      ties: this.#ties,
    }
  }

  read(name: string, value: unknown): void {
    if (name.endsWith(BIND)) this.#bind(name.slice(0, -BIND.length), value)
    else if (name.startsWith('@')) this.#control(name, value)
    else if (name.includes('@')) this.#annotation(name.slice(0, name.indexOf('@')))
    else if (this.#table.byProperty.has(name)) this.#property(name, value)
    else if (this.#table.singles.has(name)) this.#single(name, value)
    else if (this.#table.collections.has(name)) this.#collection(name, value)
    else throw this.#invalid(name)
  }

  /** What a row carried when it was read may come back; a type must be that of the entity set. */
  #control(name: string, value: unknown): void {
    if (name === '@odata.type') {
      if (String(value).replace(/^#/, '') === `${NAMESPACE}${this.#table.name}`) return
      throw badPayload(
        this.#table.set,
        `Microsoft.OData.ODataException: The type '${String(value)}' is not '${NAMESPACE}${this.#table.name}', the type of the entity set.`,
      )
    }
    if (!READ_BACK.test(name)) throw notSupported(`the annotation '${name}' in a body`)
  }

  /** An annotation needs its property: it may be there without a value only where it leads elsewhere. */
  #annotation(name: string): void {
    const { byProperty, singles, collections } = this.#table
    if (byProperty.has(name) || singles.has(name) || collections.has(name)) return
    throw this.#undeclared(name)
  }

  #property(name: string, value: unknown): void {
    const column = this.#table.byProperty.get(name)
    if (!column) throw this.#invalid(name)
    if (column.storage === 'reference') {
      throw new Fault(
        400,
        '0x80060888',
        'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.',
      )
    }
    const read =
      column.type === 'Image'
        ? readImage(this.#request, this.#table, column, value, this.#purpose)
        : readValue(this.#table, column, value)
    if (column === this.#table.id) this.#id = typeof read === 'string' ? read : undefined
    else if (read === null && column.required === 'SystemRequired') throw required(column)
    // What cannot be set is dropped without a word, as the service does.
    else if (this.#purpose === 'create' ? column.create : column.update)
      this.#values.set(column, read)
  }

  #single(name: string, value: unknown): void {
    const single = this.#table.singles.get(name)
    if (!single) throw this.#invalid(name)
    if (value === null) this.#setLookup(single.column, null)
    else if (this.#purpose === 'update') throw notSupported('deep updates')
    else this.#singles.push({ single, body: value })
  }

  #collection(name: string, value: unknown): void {
    const collection = this.#table.collections.get(name)
    if (!collection) throw this.#invalid(name)
    if (this.#purpose === 'update') throw notSupported('deep updates')
    this.#collections.push({ collection, bodies: value })
  }

  #bind(name: string, value: unknown): void {
    const single = this.#table.singles.get(name)
    if (single) {
      const reference = value === null ? null : followLink(this.#request, value, this.#table)
      this.#checkTarget(single, reference)
      this.#setLookup(single.column, reference)
      return
    }
    const collection = this.#table.collections.get(name)
    if (!collection) throw this.#undeclared(name)
    if (this.#purpose === 'update') throw notSupported('ties of collections on update')
    if (!Array.isArray(value)) throw this.#undeclared(name)
    const rows = value.map((link: unknown) => followLink(this.#request, link, this.#table))
    for (const row of rows) {
      if (row.table !== collection.table) throw this.#foreign(row, name)
    }
    const once = new Map(rows.map((row) => [row.id, row]))
    this.#ties.push({ collection, rows: [...once.values()] })
  }

  #setLookup(column: Column, reference: Reference | null): void {
    const settable = this.#purpose === 'create' ? column.create : column.update
    if (settable) this.#values.set(column, reference)
  }

  #checkTarget(single: Single, reference: Reference | null): void {
    const allowed = single.target === 'owner' ? single.column.targets : [single.target]
    if (!reference || allowed.includes(reference.table)) return
    throw this.#foreign(reference, single.name)
  }

  #foreign(reference: Reference, name: string): Fault {
    return badPayload(
      this.#table.set,
      `Microsoft.OData.ODataException: A row of the table '${reference.table}' cannot be the value of the navigation property '${name}'.`,
    )
  }

  #undeclared(name: string): Fault {
    refuseManyToMany(this.#request.database, this.#table, name)
    if (!this.#table.singles.has(name)) refuseUnserved(this.#request.database, this.#table, name)
    return badPayload(
      this.#table.set,
      `Microsoft.OData.ODataException: An undeclared property '${name}' which only has property annotations in the payload but no property value was found in the payload. In OData, only declared navigation properties and declared named streams can be represented as properties without values.`,
    )
  }

  #invalid(name: string): Fault {
    return new Fault(
      400,
      '0x0',
      `An error occurred while validating input parameters: Microsoft.Crm.CrmException: Invalid property '${name}' was found in entity 'Microsoft.Dynamics.CRM.${this.#table.name}'. ---> Microsoft.OData.ODataException: Does not support untyped value in non-open type.`,
    )
  }
}

function required(column: Column): Fault {
  return new Fault(400, '0x80040200', `Required field missing. '${column.name}' cannot be null.`)
}
