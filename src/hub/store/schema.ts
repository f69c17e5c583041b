import type { Generated } from 'kysely'
import type { AccessTables } from './tables/access.ts'
import type { ConnectTables } from './tables/connect.ts'
import type { TriggerTables } from './tables/triggers.ts'
import type { VaultTables } from './tables/vault.ts'

export interface InstallationTable {
  /** Always true: there is one row. */
  singleton: Generated<boolean>
  /** Names this installation for good, wherever its data moves. */
  id: Generated<string>
  /** ms since 1970. */
  created_at: Generated<number>
}

/** Every table of the store. Each subject declares its own in `tables/`. */
export interface Database extends AccessTables, VaultTables, ConnectTables, TriggerTables {
  installation: InstallationTable
}
