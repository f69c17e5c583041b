export { type Actor, type AuditEntry, type AuditEvent, hubActor } from './audit-entry.ts'
export { type AuditLog, type AuditPage, type ChainCheck, createAuditLog } from './audit-log.ts'
