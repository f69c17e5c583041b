export { type AlertRow, clearAlertRow, listAlertRows, raiseAlertRow } from './alert-rows.ts'
export {
  type ApiKeyRow,
  deleteApiKey,
  findApiKey,
  insertApiKey,
  listApiKeys,
  touchApiKey,
} from './api-key-rows.ts'
export {
  type AttachmentKey,
  type AttachmentRow,
  deleteAttachment,
  deleteExpiredAttachments,
  finishAttachment,
  insertAttachment,
  insertChunk,
  readAttachment,
  readChunk,
} from './attachment-rows.ts'
export {
  type AuditRow,
  appendAuditRow,
  listAuditRows,
  lockAuditHead,
  readAuditHead,
} from './audit-rows.ts'
export {
  type AuthClientColumns,
  type AuthClientRow,
  clearAuthClientProblem,
  deleteAuthClient,
  insertAuthClient,
  listAuthClients,
  listExpiringCertificates,
  readAuthClient,
  setAuthClientProblem,
  updateAuthClient,
} from './auth-client-rows.ts'
export {
  type AuthClientSecretRow,
  deleteSecret,
  listExpiringSecrets,
  listSecrets,
  promoteSecret,
  putSecret,
  setSecretExpiry,
} from './auth-client-secret-rows.ts'
export {
  type CredentialColumns,
  type CredentialRow,
  deleteCredential,
  insertCredential,
  listCredentials,
  lockCredential,
  moveCredentials,
  readCredential,
  setClaimsDemand,
  setCredentialState,
  setIdentity,
  setUsedAt,
  updateCredential,
} from './credential-rows.ts'
export {
  activateKey,
  type EncryptionKeyRow,
  insertKey,
  listKeys,
  lockActiveKey,
  lockKeys,
  retireKeys,
} from './encryption-key-rows.ts'
export {
  bindFlow,
  consumeState,
  deleteOldFlows,
  endFlow,
  type FlowRow,
  findConsumed,
  insertFlow,
  type NewFlowRow,
  noteHeard,
  readFlow,
  takeTicket,
} from './flow-rows.ts'
export { openStore, type StoreOptions } from './open-store.ts'
export type { Database } from './schema.ts'
export {
  countSealedOtherwise,
  listSealed,
  lockSealedOtherwise,
  type SealedColumn,
  type SealedRow,
  sealedColumns,
  updateSealed,
} from './sealed-rows.ts'
export {
  countAttempt,
  deleteSession,
  deleteSessionsOf,
  findSession,
  forgetAttempts,
  insertSession,
  type SessionRow,
  touchSession,
} from './session-rows.ts'
export {
  deleteSetupLinks,
  findSetupLink,
  insertSetupLink,
  type SetupLinkRow,
  takeSetupLink,
} from './setup-link-rows.ts'
export type { Queryable, Store } from './store.ts'
export { StoreError } from './store-error.ts'
export type { StoreErrorCode } from './store-error-code.ts'
export type {
  StoredFailure,
  StoredPrompt,
  StoredStage,
  StoredVerification,
} from './tables/connect.ts'
export type { StoredRun } from './tables/triggers.ts'
export type { StoredActor, StoredIdentity, StoredProblem } from './tables/vault.ts'
export {
  eraseTokens,
  type IdleRow,
  type Lease,
  limitStandstill,
  listIdle,
  markOvertaken,
  markRefreshStarted,
  readTokens,
  releaseLease,
  replaceTokens,
  saveFailure,
  saveTokens,
  type TokenColumns,
  type TokenKey,
  type TokenRow,
  type TokenTimes,
  takeLease,
} from './token-rows.ts'
export {
  type DeliveryRow,
  deleteOldDeliveries,
  finishDelivery,
  insertDelivery,
  listDue,
  measureBacklog,
  nextDelivery,
  putOffDelivery,
  reviveDeliveries,
} from './trigger-delivery-rows.ts'
export {
  deleteOldOutputs,
  deleteSomeOutputs,
  insertOutputs,
  listOutputs,
  type NewOutputRow,
  type OutputRow,
} from './trigger-output-rows.ts'
export {
  beginHook,
  clearHook,
  confirmHook,
  deleteTrigger,
  endRun,
  findHook,
  insertTrigger,
  keepRun,
  listTriggers,
  lockRun,
  readTrigger,
  savePlace,
  setTriggerState,
  startRun,
  type TriggerKey,
  type TriggerRow,
  type TriggerRun,
} from './trigger-rows.ts'
export {
  findUserByName,
  insertUser,
  listUsers,
  lockWorkspace,
  type UserRow,
  updatePassword,
} from './user-rows.ts'
export {
  insertVerification,
  readLatestVerification,
  type VerificationPlace,
} from './verification-rows.ts'
