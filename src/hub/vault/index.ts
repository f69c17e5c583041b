export type {
  AuthClient,
  AuthClientAnswer,
  AuthClientChanges,
  AuthClientInput,
  AuthenticationMethod,
  Problem,
  SecretView,
  Warning,
} from './auth-client.ts'
export type { AuthClientTest, ProofTest, TestOptions } from './auth-client-test.ts'
export type { AuthClients, WhereUsed } from './auth-clients.ts'
export { claimsDemandOf } from './claims-demand.ts'
export type {
  Credential,
  CredentialAnswer,
  CredentialChanges,
  CredentialInput,
  CredentialState,
  Identity,
} from './credential.ts'
export type { Credentials } from './credentials.ts'
export type { Place } from './envelope.ts'
export type { NewGrant } from './grants.ts'
export type { KeySource } from './key-file.ts'
export {
  type Keyring,
  type KeyringOptions,
  openKeyring,
  type Sealer,
} from './keyring.ts'
export type { TickReport } from './maintenance.ts'
export type { Registration } from './registration.ts'
export type { RotationProgress, RotationResult } from './rotation.ts'
export type { NewSecret } from './secret-slots.ts'
export { createVault, type Vault, type VaultOptions } from './vault.ts'
export { VaultError, type VaultErrorCode } from './vault-error.ts'
export type { VaultParts } from './vault-parts.ts'
