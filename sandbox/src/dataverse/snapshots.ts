import type { OrganizationState } from './population.ts'
import { forgetRows, restoreRows, type Snapshot, saveRows } from './store/snapshot.ts'

/** Rows of an organization kept under names, to come back to. */
export interface SnapshotControl {
  snapshots(): readonly { readonly name: string; readonly rows: number }[]
  /** False when there are too many already. */
  saveSnapshot(name: string): boolean
  restoreSnapshot(name: string): boolean
  removeSnapshot(name: string): boolean
}

const MOST = 20

export function snapshotControl(use: () => OrganizationState): SnapshotControl {
  const saved = new Map<string, Snapshot>()
  const remove = (name: string): boolean => {
    const snapshot = saved.get(name)
    if (snapshot) forgetRows(use().database, snapshot)
    return saved.delete(name)
  }
  return {
    snapshots: () => [...saved].map(([name, { size }]) => ({ name, rows: size })),
    saveSnapshot(name) {
      if (!saved.has(name) && saved.size >= MOST) return false
      const snapshot = saveRows(use().database)
      remove(name)
      saved.set(name, snapshot)
      return true
    },
    restoreSnapshot(name) {
      const snapshot = saved.get(name)
      if (snapshot) restoreRows(use().database, snapshot)
      return snapshot !== undefined
    },
    removeSnapshot: remove,
  }
}
