import type { Json } from '../../kernel/index.ts'
import type { RowKey } from '../address/row-key.ts'
import type { CallOptions } from '../call-options.ts'
import { invalidArgument } from '../errors/dataverse-error.ts'
import type { TableDefinition } from '../metadata/table.ts'
import type { Operation } from '../operation.ts'
import { partiesRelation } from './collection-field.ts'
import type { EncodingChoices, InputRow, WritePurpose } from './encoding.ts'
import {
  associateOperation,
  columnOperation,
  disassociateOperation,
  type RowAddress,
  setColumnOperation,
  setPartiesOperation,
} from './link-operations.ts'
import { encodeNamed, keyAddress } from './named-row.ts'
import { findNavigation } from './navigation.ts'
import type { RowEncoder, RowEncoderOptions } from './row-encoder.ts'
import {
  type Conditional,
  type Created,
  createOperation,
  deleteOperation,
  type Upserted,
  type UpsertOptions,
  updateOperation,
  upsertOperation,
  type Written,
} from './row-operations.ts'
import type { Schema } from './schema.ts'
import { type StateChange, stateRow } from './state-row.ts'
import { Refusal } from './values/refusal.ts'
import { valueEncoder } from './values/value.ts'
import type { WriteOptions } from './write-options.ts'

/** One row: its table by logical or entity set name, and its id or alternate key. */
export interface RowName {
  readonly table: string
  readonly key: RowKey
}

/** What a write is told beside its row. */
export interface RowWriteOptions extends WriteOptions, EncodingChoices, CallOptions {}

/** What a write without a row is told. */
export type LinkWriteOptions = Omit<WriteOptions, 'partitionId' | 'returning'> & CallOptions

/**
 * Prepares writes as operations, to be sent alone or in a batch: names and values are checked against
 * the tables' definitions and written as the service wants them, before anything is sent.
 *
 * Every method throws `unknown_table`, and `invalid_argument` for keys and properties that cannot be;
 * those that take a row throw {@link InvalidRow} with all that is wrong with it.
 */
export class PrepareWrite {
  readonly #schema: Schema
  readonly #root: string

  constructor(schema: Schema, root: string) {
    this.#schema = schema
    this.#root = root
  }

  /** Creates a row, with the rows that are nested in it. */
  async create(
    table: string,
    row: InputRow,
    options: RowWriteOptions = {},
  ): Promise<Operation<Created>> {
    const encode = (encoder: RowEncoder) =>
      createOperation(encoder.table, encoder.encode(row).body, options)
    return this.#encode(table, 'create', options, encode)
  }

  /** Updates a row that exists. */
  async update(
    table: string,
    key: RowKey,
    row: InputRow,
    options: RowWriteOptions & Conditional = {},
  ): Promise<Operation<Written>> {
    return this.#encode(table, 'update', options, (encoder) => {
      const { address, body } = encodeNamed(encoder, key, row)
      return updateOperation(encoder.table, address, body, options)
    })
  }

  /** Updates a row, or creates it. */
  async upsert(
    table: string,
    key: RowKey,
    row: InputRow,
    options: RowWriteOptions & UpsertOptions = {},
  ): Promise<Operation<Upserted>> {
    return this.#encode(table, 'upsert', options, (encoder) => {
      const { address, body } = encodeNamed(encoder, key, row)
      return upsertOperation(encoder.table, address, body, options)
    })
  }

  /** Deletes a row. */
  async delete(
    table: string,
    key: RowKey,
    options: LinkWriteOptions & Conditional & Pick<WriteOptions, 'partitionId'> = {},
  ): Promise<Operation<void>> {
    const definition = await this.#definition(table, options)
    return deleteOperation(definition, keyAddress(definition, key), options)
  }

  /** Changes the state of a row; a status must belong to the state. */
  async setState(
    table: string,
    key: RowKey,
    change: StateChange,
    options: RowWriteOptions & Conditional = {},
  ): Promise<Operation<Written>> {
    const definition = await this.#definition(table, options)
    return this.update(table, key, stateRow(definition, change), options)
  }

  /** Links two rows by a navigation property or lookup column of the first. */
  async associate(
    from: RowName,
    property: string,
    to: RowName,
    options: LinkWriteOptions = {},
  ): Promise<Operation<void>> {
    const link = await this.#link(from, property, to, options)
    return associateOperation(
      { ...link, to: await this.#address(to, options) },
      this.#root,
      options,
    )
  }

  /** Parts two rows; a lookup is cleared whatever it refers to. */
  async disassociate(
    from: RowName,
    property: string,
    to: RowName | undefined,
    options: LinkWriteOptions = {},
  ): Promise<Operation<void>> {
    const link = await this.#link(from, property, to, options)
    if (to === undefined && link.kind === 'collection') {
      throw invalidArgument(
        'to',
        'the property leads to many rows',
        'Say which row is to be parted.',
      )
    }
    const other = to === undefined ? {} : { to: await this.#address(to, options) }
    return disassociateOperation({ ...link, ...other }, this.#root, options)
  }

  /** Replaces all parties of an activity, given by role: `{ to: […], from: … }`. */
  async setParties(
    table: string,
    key: RowKey,
    parties: InputRow,
    options: LinkWriteOptions = {},
  ): Promise<Operation<void>> {
    return this.#encode(table, 'create', options, (encoder) => {
      const [written, ...others] = Object.entries(encoder.encode(parties).body)
      // Roles that are all empty leave no party.
      const property = written?.[0] ?? partiesRelation(encoder.table)?.property
      const rows = Object.keys(parties).length === 0 ? undefined : (written?.[1] ?? [])
      if (property === undefined || others.length > 0 || !Array.isArray(rows)) {
        throw invalidArgument(
          'parties',
          'they are not parties alone',
          'Give roles such as to and from.',
        )
      }
      const activity = { table: encoder.table, key: keyAddress(encoder.table, key) }
      return setPartiesOperation(activity, property, rows, options)
    })
  }

  /** Reads one column of a row; `null` where it has no value. */
  async column(
    table: string,
    key: RowKey,
    column: string,
    options: CallOptions = {},
  ): Promise<Operation<Json>> {
    return columnOperation(await this.#address({ table, key }, options), column)
  }

  /** Writes one column of a row; `null` takes its value away. */
  async setColumn(
    table: string,
    key: RowKey,
    column: string,
    value: unknown,
    options: LinkWriteOptions = {},
  ): Promise<Operation<void>> {
    const definition = await this.#definition(table, options)
    const row = { table: definition, key: keyAddress(definition, key) }
    return setColumnOperation(row, column, columnValue(definition, column, value), options)
  }

  /** Prepares the encoding of many rows of one table, each then without any request. */
  encoder(
    table: string,
    encoding: Omit<RowEncoderOptions, 'tables'>,
    options: CallOptions = {},
  ): Promise<RowEncoder> {
    return this.#schema.encode(table, encoding, (encoder) => encoder, options)
  }

  #encode<Result>(
    table: string,
    purpose: WritePurpose,
    { readOnlyColumns, unknownColumns, ...options }: EncodingChoices & CallOptions,
    encode: (encoder: RowEncoder) => Result,
  ): Promise<Result> {
    const choices = {
      purpose,
      ...(readOnlyColumns === undefined ? {} : { readOnlyColumns }),
      ...(unknownColumns === undefined ? {} : { unknownColumns }),
    }
    return this.#schema.encode(table, choices, encode, options)
  }

  #definition(table: string, options: CallOptions): Promise<TableDefinition> {
    return this.#schema.definition(table, options)
  }

  async #address({ table, key }: RowName, options: CallOptions): Promise<RowAddress> {
    const definition = await this.#definition(table, options)
    return { table: definition, key: keyAddress(definition, key) }
  }

  async #link(from: RowName, property: string, to: RowName | undefined, options: CallOptions) {
    const definition = await this.#definition(from.table, options)
    const target = to && (await this.#schema.table(to.table, options)).logicalName
    const { property: found, kind } = findNavigation(definition, property, target)
    const key = keyAddress(definition, from.key)
    return { from: { table: definition, key }, property: found, kind }
  }
}

function columnValue(table: TableDefinition, name: string, value: unknown): Json {
  const column = table.columns.find(({ logicalName }) => logicalName === name)
  const encode = column?.updatable === true ? valueEncoder(column) : undefined
  if (encode === undefined) {
    throw invalidArgument(
      name,
      `${table.logicalName} has no column of this name whose value can be written alone`,
      'Give the logical name of a column that holds a value; a lookup is linked instead.',
    )
  }
  const encoded = value === null ? null : encode(value)
  if (encoded instanceof Refusal) throw invalidArgument(name, encoded.problem, encoded.remedy)
  return encoded
}
