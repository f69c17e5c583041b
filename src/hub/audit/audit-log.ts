import type { Clock } from '../../kernel/index.ts'
import {
  appendAuditRow,
  listAuditRows,
  lockAuditHead,
  type Queryable,
  readAuditHead,
  type Store,
} from '../store/index.ts'
import type { Actor, AuditEntry, AuditEvent } from './audit-entry.ts'
import { CHAIN_START, entryHash } from './chain.ts'

/** One page of the log, newest first; `before` asks for the next one. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[]
  readonly before?: number
}

/** Whether every entry is there, unchanged and in its place; else the first one that is not. */
export type ChainCheck =
  | { readonly intact: true; readonly count: number }
  | { readonly intact: false; readonly brokenAt: number }

/** The log of who did what: only ever appended to, and chained so that a change shows. */
export interface AuditLog {
  /** Writes an event in the transaction of the change itself, so that neither is without the other. */
  append(transaction: Queryable, actor: Actor, event: AuditEvent): Promise<void>
  /** Writes an event on its own. */
  record(actor: Actor, event: AuditEvent): Promise<void>
  /** Reads a page of at most 500 entries, newest first. */
  list(
    workspaceId: string,
    options?: { readonly before?: number; readonly limit?: number },
  ): Promise<AuditPage>
  /** Walks a workspace's whole chain. */
  check(workspaceId: string): Promise<ChainCheck>
}

const PAGE = 100
const LARGEST_PAGE = 500

/** Makes the audit log over a store. */
export function createAuditLog({
  store,
  clock,
}: {
  readonly store: Store
  readonly clock: Clock
}): AuditLog {
  const append: AuditLog['append'] = async (transaction, actor, event) => {
    const { workspaceId, kind, id, ip } = actor
    const head = await lockAuditHead(transaction, workspaceId, CHAIN_START)
    const entry = {
      workspaceId,
      sequence: head.sequence + 1,
      at: clock.now(),
      actor: { kind, id, ...(ip === undefined ? {} : { ip }) },
      fields: [],
      facts: {},
      ...event,
    }
    await appendAuditRow(transaction, { ...entry, hash: entryHash(head.hash, entry) })
  }
  return {
    append,
    record: (actor, event) => store.transaction((db) => append(db, actor, event)),
    list: async (workspaceId, { before, limit = PAGE } = {}) => {
      const wanted = Math.min(Math.max(1, limit), LARGEST_PAGE)
      const rows = await listAuditRows(store.db, workspaceId, { before, limit: wanted + 1 })
      const entries = rows.slice(0, wanted)
      const last = entries.at(-1)
      return rows.length > wanted && last !== undefined
        ? { entries, before: last.sequence }
        : { entries }
    },
    check: (workspaceId) => checkChain(store, workspaceId),
  }
}

async function checkChain(store: Store, workspaceId: string): Promise<ChainCheck> {
  let hash = CHAIN_START
  let count = 0
  for (;;) {
    const rows = await listAuditRows(store.db, workspaceId, {
      after: count,
      limit: LARGEST_PAGE,
    })
    for (const entry of rows) {
      if (entry.sequence !== count + 1 || entryHash(hash, entry) !== entry.hash)
        return { intact: false, brokenAt: count + 1 }
      hash = entry.hash
      count += 1
    }
    if (rows.length === LARGEST_PAGE) continue
    // Entries that are missing at the end break no link, but the head still knows of them.
    const head = await readAuditHead(store.db, workspaceId)
    return (head?.sequence ?? 0) <= count
      ? { intact: true, count }
      : { intact: false, brokenAt: count + 1 }
  }
}
