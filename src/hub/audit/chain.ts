import { createHash } from 'node:crypto'
import type { AuditEntry } from './audit-entry.ts'

/** What stands before the first entry of a workspace. */
export const CHAIN_START = '0'.repeat(64)

/** The hash of an entry: over all it says and the hash before it, so that none can change or go missing. */
export function entryHash(previousHash: string, entry: Omit<AuditEntry, 'hash'>): string {
  const { workspaceId, sequence, at, actor, action, subject, result, fields, facts } = entry
  const said = [
    ...[previousHash, workspaceId, sequence, at],
    ...[actor.kind, actor.id, actor.ip ?? null],
    ...[action, subject.kind, subject.id, result, [...fields].sort(), sorted(facts)],
  ]
  return createHash('sha256').update(JSON.stringify(said)).digest('hex')
}

// A database may give the members of an object back in another order.
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, sorted(member)])
}
