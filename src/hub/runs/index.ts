export type { ManifestEntry, Option, Output } from '../../connector/index.ts'
export { createClients } from './clients.ts'
export { requireEntry } from './find-entry.ts'
export { type Form, type FormField, type FormRequest, readForm, readOptions } from './forms.ts'
export { type RunRequest, runAction } from './run-action.ts'
export {
  type CredentialRef,
  openClient,
  type RunCredential,
  type RunCredentials,
  type RunHost,
  type RunLimits,
} from './run-host.ts'
export { readTypes, type TypesRequest } from './types.ts'
