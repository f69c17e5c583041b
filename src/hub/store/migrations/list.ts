import type { Migration } from '../migrate.ts'
import { up as installation } from './0001-installation.ts'
import { up as access } from './0002-access.ts'
import { up as vault } from './0003-vault.ts'
import { up as connect } from './0004-connect.ts'
import { up as flowProgress } from './0005-flow-progress.ts'
import { up as triggers } from './0006-triggers.ts'
import { up as triggerBacklog } from './0007-trigger-backlog.ts'

/** Every migration, oldest first. One that was released is never changed, renamed or moved. */
export const migrations: readonly Migration[] = [
  { name: '0001-installation', up: installation },
  { name: '0002-access', up: access },
  { name: '0003-vault', up: vault },
  { name: '0004-connect', up: connect },
  { name: '0005-flow-progress', up: flowProgress },
  { name: '0006-triggers', up: triggers },
  { name: '0007-trigger-backlog', up: triggerBacklog },
]
