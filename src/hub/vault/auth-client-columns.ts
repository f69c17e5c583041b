import { readCertificate } from '../../oauth/index.ts'
import type { AuthClientColumns } from '../store/index.ts'
import type { AuthClientInput } from './auth-client.ts'
import type { Sealer } from './keyring.ts'
import { privateKeyPlace } from './secrets.ts'

type Fields = { readonly [Field in keyof AuthClientInput]?: AuthClientInput[Field] | undefined }
type Key = { readonly workspaceId: string; readonly id: string }

/** The columns of what was filled in. An optional field that is empty becomes absent. */
export function toColumns(input: AuthClientInput, seal: Sealer, key: Key): AuthClientColumns {
  return {
    name: input.name,
    client_id: input.clientId,
    authentication: input.authentication,
    authorization_endpoint: input.authorizationEndpoint,
    token_endpoint: input.tokenEndpoint,
    device_endpoint: input.deviceEndpoint || null,
    scopes: input.scopes || null,
    assertion_file: input.assertionFile || null,
    certificate_pem: null,
    certificate_expires_at: null,
    private_key: null,
    ...certificateColumns(input, seal, key),
  }
}

/** The columns of the fields that are there, and of no others. */
export function toChangedColumns(
  changes: Fields,
  seal: Sealer,
  key: Key,
): Partial<AuthClientColumns> {
  const { name, clientId, authentication, authorizationEndpoint, tokenEndpoint } = changes
  const { deviceEndpoint, scopes, assertionFile } = changes
  return {
    ...(name !== undefined && { name }),
    ...(clientId !== undefined && { client_id: clientId }),
    ...(authentication !== undefined && { authentication }),
    ...(authorizationEndpoint !== undefined && { authorization_endpoint: authorizationEndpoint }),
    ...(tokenEndpoint !== undefined && { token_endpoint: tokenEndpoint }),
    ...(deviceEndpoint !== undefined && { device_endpoint: deviceEndpoint || null }),
    ...(scopes !== undefined && { scopes: scopes || null }),
    ...(assertionFile !== undefined && { assertion_file: assertionFile || null }),
    ...certificateColumns(changes, seal, key),
  }
}

function certificateColumns(
  { certificatePem, privateKeyPem }: Pick<Fields, 'certificatePem' | 'privateKeyPem'>,
  seal: Sealer,
  key: Key,
) {
  return {
    ...(certificatePem && {
      certificate_pem: certificatePem,
      certificate_expires_at: readCertificate(certificatePem).notAfter,
    }),
    ...(privateKeyPem && {
      private_key: seal(privateKeyPem, privateKeyPlace(key.workspaceId, key.id)),
    }),
  }
}
