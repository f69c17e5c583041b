export { DEPTHS } from './access/rights.ts'
export type {
  OrganizationControl,
  OrganizationCounters,
  OrganizationSwitches,
  PlainRow,
} from './control.ts'
export { Fault } from './fault.ts'
export { readLimits } from './limits/read-settings.ts'
export { DOCUMENTED_LIMITS, type LimitSettings } from './limits/settings.ts'
export { CHANGEABLE_TYPES, type ColumnChanges, type NewColumn } from './metadata/alter.ts'
export {
  createOrganization,
  type Organization,
  type OrganizationOptions,
} from './organization.ts'
export { readPlugin } from './plugins/read-plugin.ts'
export { readSwitches } from './read-switches.ts'
export { openSchema } from './schema/load.ts'
export type { RowCounts } from './seed/generate.ts'
export type { Member } from './seed/people.ts'
