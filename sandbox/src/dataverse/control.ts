import type { CustomRole } from './access/rights.ts'
import { Fault } from './fault.ts'
import type { LimitMeter, LimitUsage } from './limits/meter.ts'
import type { LimitSettings } from './limits/settings.ts'
import {
  addColumn,
  type ColumnChanges,
  changeColumn,
  type NewColumn,
  removeColumn,
} from './metadata/alter.ts'
import { addKey, type NewKey, removeKey } from './metadata/alter-keys.ts'
import type { Plugin } from './plugins/model.ts'
import type { OrganizationState } from './population.ts'
import { findProperty } from './query/scope.ts'
import { openSchema } from './schema/load.ts'
import type { Column, Schema } from './schema/model.ts'
import type { Member } from './seed/people.ts'
import { type SnapshotControl, snapshotControl } from './snapshots.ts'
import type { IdOrder } from './store/id-sorting.ts'
import type { Reference, Value } from './store/rows.ts'
import type { Deliveries, Delivery } from './webhooks/deliveries.ts'
import type { DuplicateRule } from './write/duplicate-rule.ts'

/** What the documents leave open, or what tests want to be otherwise. */
export interface OrganizationSwitches {
  /** `$skip` is not supported; whether it is ignored or refused is not documented. */
  skip: 'ignored' | 'refused'
  /** The code for an unknown property: older builds `0x0`, newer ones `0x80060888`. */
  propertyErrorCode: '0x0' | '0x80060888'
  /** The time zone of formatted dates, an IANA name. */
  timeZone: string
  /** Simulated server time of every call, in ms. */
  delayMs: number
  /** Whether the one error of a failed change set stands inside its multipart wrapper; not documented. */
  failedChangeSet: 'wrapped' | 'bare'
  /** The status of an accepted background operation: that of the documents' draft, or the product's. */
  acceptedStatus: 200 | 202
  /** For how many days changes are kept; `ExpireChangeTrackingInDays` of the organization. */
  changeRetentionDays: number
  /** Whether OData counts distinct values; the documents say so only of FetchXML. */
  countDistinct: 'answered' | 'refused'
  /** An old version gave no delta link when display texts of lookups were asked for. */
  deltaLink: 'always' | 'lostWithLookups'
  /**
   * The order of rows that nothing else orders, and what is greater among ids: no document tells. A paging
   * cookie of another order is refused.
   */
  idOrder: IdOrder
  /** `table.column` of each column that only those with all rights may read. */
  securedColumns: readonly string[]
}

/** Requests since the start or the last reset, those let in only. */
export interface OrganizationCounters {
  readonly requests: number
  /** By method and first path segment, such as `GET accounts`; `$batch: GET accounts` inside a batch. */
  readonly byOperation: Readonly<Record<string, number>>
}

/** A row by property names, values as stored: times in ms, yes/no as 1 and 0. */
export type PlainRow = Readonly<Record<string, string | number | null>>

export interface OrganizationControl extends SnapshotControl {
  counters(): OrganizationCounters
  resetCounters(): void
  switches(): Readonly<OrganizationSwitches>
  setSwitches(changes: Partial<OrganizationSwitches>): void
  tables(): readonly { readonly name: string; readonly set: string; readonly rows: number }[]
  readRow(table: string, id: string): PlainRow | undefined
  listRows(table: string, limit: number): readonly PlainRow[]
  /** Changes columns of a row by logical name, as if another client had; lookups as `{table, id}`. */
  changeRow(table: string, id: string, values: Readonly<Record<string, Value>>): boolean
  removeRow(table: string, id: string): boolean
  /**
   * Begins anew with the tables of an organization's `$metadata`.
   * @throws Error when it is none
   */
  loadSchema(document: Buffer): void
  /** Adds a column, as a customizer would; false when the table is not there or has it already. */
  addColumn(table: string, column: NewColumn): boolean
  changeColumn(table: string, column: string, changes: ColumnChanges): boolean
  removeColumn(table: string, column: string): boolean
  /**
   * Adds an alternate key; false when there is no such table.
   * @throws Error naming the rule of alternate keys that it breaks
   */
  addKey(table: string, key: NewKey): boolean
  removeKey(table: string, key: string): boolean
  members(): readonly {
    readonly member: Member
    readonly systemUserId: string
    readonly roles: readonly string[]
  }[]
  addMember(member: Member): void
  removeMember(entraObjectId: string): boolean
  setUserDisabled(entraObjectId: string, disabled: boolean): boolean
  addRole(entraObjectId: string, role: string): boolean
  removeRole(entraObjectId: string, role: string): boolean
  setAdminMode(on: boolean): void
  /** Roles that tests have made: the reach of each privilege, by name. */
  customRoles(): Readonly<Record<string, Readonly<Record<string, number>>>>
  setCustomRole(name: string, privileges: CustomRole): void
  removeCustomRole(name: string): boolean
  duplicateRules(): readonly DuplicateRule[]
  setDuplicateRules(rules: readonly DuplicateRule[]): void
  plugins(): readonly Plugin[]
  setPlugins(plugins: readonly Plugin[]): void
  /** The last 500 webhooks that were sent, and how many wait or are under way. */
  deliveries(): { readonly pending: number; readonly list: readonly Delivery[] }
  clearDeliveries(): void
  limits(): LimitSettings
  setLimits(settings: LimitSettings): void
  limitUsage(): LimitUsage
  resetLimitUsage(): void
}

export interface Counting {
  count(method: string, first: string): void
  /** Counts a request inside a batch, which is none of its own. */
  countInner(method: string, first: string): void
}

/** Makes the control functions of an organization; using them makes its rows if nobody has yet. */
export function createControl(
  use: () => OrganizationState,
  switches: OrganizationSwitches,
  {
    meter,
    deliveries,
    settings,
    setSchema,
  }: {
    readonly meter: LimitMeter
    readonly deliveries: Deliveries
    readonly settings: LimitSettings
    readonly setSchema: (schema: () => Schema) => void
  },
): { control: OrganizationControl; counters: Counting; limits: () => LimitSettings } {
  let limits = settings
  let plugins: readonly Plugin[] = []
  let duplicateRules: readonly DuplicateRule[] = []
  let requests = 0
  const byOperation = new Map<string, number>()
  const control: OrganizationControl = {
    counters: () => ({ requests, byOperation: Object.fromEntries(byOperation) }),
    resetCounters() {
      requests = 0
      byOperation.clear()
    },
    switches: () => ({ ...switches }),
    setSwitches(changes) {
      Object.assign(switches, changes)
    },
    ...rowControl(use),
    loadSchema: (document) => setSchema(openSchema(document)),
    ...snapshotControl(use),
    addColumn: (table, column) => addColumn(use().database.schema, table, column),
    changeColumn: (table, column, changes) =>
      changeColumn(use().database.schema, table, column, changes),
    removeColumn: (table, column) => removeColumn(use().database, table, column),
    addKey: (table, key) => addKey(use().database, table, key),
    removeKey: (table, key) => removeKey(use().database, table, key),
    members: () => use().membership.list(),
    addMember: (member) => use().addMember(member),
    removeMember: (id) => use().membership.remove(id),
    setUserDisabled: (id, disabled) => use().membership.setDisabled(id, disabled),
    addRole: (id, role) => use().membership.setRole(id, role, true),
    removeRole: (id, role) => use().membership.setRole(id, role, false),
    setAdminMode: (on) => use().membership.setAdminMode(on),
    customRoles: () =>
      Object.fromEntries(
        [...use().membership.customRoles()].map(([name, role]) => [name, Object.fromEntries(role)]),
      ),
    setCustomRole: (name, privileges) => use().membership.setCustomRole(name, privileges),
    removeCustomRole: (name) => use().membership.removeCustomRole(name),
    duplicateRules: () => duplicateRules,
    setDuplicateRules(rules) {
      duplicateRules = rules
    },
    plugins: () => plugins,
    setPlugins(changed) {
      plugins = changed
    },
    deliveries: () => ({ pending: deliveries.pending, list: deliveries.list() }),
    clearDeliveries: () => deliveries.clear(),
    limits: () => limits,
    setLimits(changed) {
      limits = changed
    },
    limitUsage: () => meter.usage(limits),
    resetLimitUsage: () => meter.reset(),
  }
  const add = (operation: string): void => {
    byOperation.set(operation, (byOperation.get(operation) ?? 0) + 1)
  }
  const counters: Counting = {
    count(method, first) {
      requests += 1
      add(`${method} ${first}`)
    },
    countInner: (method, first) => add(`$batch: ${method} ${first}`),
  }
  return { control, counters, limits: control.limits }
}

type RowControl = Pick<
  OrganizationControl,
  'tables' | 'readRow' | 'listRows' | 'changeRow' | 'removeRow'
>

function rowControl(use: () => OrganizationState): RowControl {
  const rowsOf = (table: string) => use().database.rows(table)
  return {
    tables: () =>
      [...use().database.schema.tables.values()].map(({ name, set }) => ({
        name,
        set,
        rows: use().database.sizeOf(name),
      })),
    readRow(table, id) {
      const slot = rowsOf(table).slotOf(id)
      return slot === undefined ? undefined : plainRow(use(), table, slot)
    },
    listRows(table, limit) {
      const listed: PlainRow[] = []
      for (const slot of rowsOf(table).slotsAfter(undefined)) {
        if (listed.length >= limit) break
        listed.push(plainRow(use(), table, slot))
      }
      return listed
    },
    changeRow: (table, id, values) => changeRow(use(), { table, id }, values),
    removeRow(table, id) {
      const rows = rowsOf(table)
      const slot = rows.slotOf(id)
      if (slot !== undefined) use().database.remove(table, slot)
      return slot !== undefined
    },
  }
}

function plainRow({ database }: OrganizationState, table: string, slot: number): PlainRow {
  const rows = database.rows(table)
  return Object.fromEntries(
    rows.table.columns.map((column) => [column.property, rows.raw(slot, column)]),
  )
}

function changeRow(
  { database }: OrganizationState,
  { table, id }: Reference,
  values: Readonly<Record<string, Value>>,
): boolean {
  const rows = database.rows(table)
  const slot = rows.slotOf(id)
  if (slot === undefined) return false
  const changes = new Map<Column, Value>()
  for (const [name, value] of Object.entries(values)) {
    const column = rows.table.byName.get(name) ?? findProperty(database, rows.table, name)
    if (column === rows.table.id) throw new Fault(400, '0x80040203', 'An id cannot be changed.')
    checkKind(column, value)
    changes.set(column, value)
  }
  const version = rows.table.byName.get('versionnumber')
  if (version) changes.set(version, database.nextVersion())
  rows.update(slot, changes)
  return true
}

const KINDS = {
  number: 'a number (times in ms since 1970)',
  text: 'text',
  reference: 'a table and an id',
} as const

/** A value of another kind would be stored as nothing at all. */
function checkKind({ name, storage }: Column, value: Value): void {
  const fits = { number: 'number', text: 'string', reference: 'object' } as const
  if (value === null || typeof value === fits[storage]) return
  const shown = typeof value === 'object' ? JSON.stringify(value) : value
  throw new Fault(400, '0x80040203', `'${name}' takes ${KINDS[storage]}, not '${shown}'.`)
}
