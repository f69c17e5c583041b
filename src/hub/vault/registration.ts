import type { ClientAuthentication, GrantRequest, OAuthClient } from '../../oauth/index.ts'
import { hubActor } from '../audit/index.ts'
import {
  type AuthClientRow,
  type AuthClientSecretRow,
  listSecrets,
  type Queryable,
} from '../store/index.ts'
import { readAssertion } from './assertion-file.ts'
import { endpointsOf, resourceFor } from './endpoints.ts'
import { isProofRefused } from './refresh-failure.ts'
import { promoteProven } from './secret-slots.ts'
import { openPrivateKey, openSecret } from './secrets.ts'
import type { VaultParts } from './vault-parts.ts'

/** What every token request of one Credential says beside its own parameters. */
export type Registration = Pick<GrantRequest, 'client' | 'endpoints' | 'resource' | 'scope'>

/** A way to prove who the Auth Client is; more than one while a secret is being replaced. */
export interface Proof {
  readonly client: OAuthClient
  /** The next secret that this proof tries: it becomes the current one once it has worked. */
  readonly nextSecretId?: string
}

type ProofParts = Pick<VaultParts, 'keyring' | 'assertionFolder'>

/** Reads the ways an Auth Client can prove who it is, in the order to try them. */
export async function readProofs(
  parts: ProofParts,
  db: Queryable,
  row: AuthClientRow,
): Promise<readonly Proof[]> {
  const clientId = row.client_id
  if (row.authentication !== 'secret')
    return [{ client: { clientId, authentication: authenticationOf(parts, row) } }]
  const secrets = await listSecrets(db, row.workspace_id, row.id)
  // "current" comes before "next".
  return secrets.map((secret) => toProof(parts, clientId, secret))
}

/** What a token request for an environment says, with one of the proofs. */
export function toRegistration(
  row: AuthClientRow,
  environmentUrl: string,
  { client }: Proof,
): Registration {
  const endpoints = endpointsOf({
    authorizationEndpoint: row.authorization_endpoint,
    tokenEndpoint: row.token_endpoint,
    ...(row.device_endpoint === null ? {} : { deviceEndpoint: row.device_endpoint }),
  })
  const resource = resourceFor(endpoints, environmentUrl)
  return { client, endpoints, resource, ...(row.scopes !== null && { scope: row.scopes }) }
}

/**
 * Does something that needs a proof with the first one; if the server refuses that, once more with the
 * next secret. The one that worked is answered too.
 */
export async function withProof<T>(
  proofs: readonly Proof[],
  work: (proof: Proof) => Promise<T>,
): Promise<{ readonly value: T; readonly proof: Proof }> {
  const [first, second] = proofs
  if (first === undefined) throw new RangeError('an Auth Client without a secret')
  try {
    return { value: await work(first), proof: first }
  } catch (error) {
    if (second === undefined || !isProofRefused(error)) throw error
    return { value: await work(second), proof: second }
  }
}

/** Makes the next secret the current one after it has worked where the current one was refused. */
export async function settleProof(
  parts: VaultParts,
  row: AuthClientRow,
  { nextSecretId }: Proof,
): Promise<void> {
  if (nextSecretId === undefined) return
  if (await promoteProven(parts, hubActor(row.workspace_id), row.id, nextSecretId))
    parts.logger.info('next secret promoted', { authClientId: row.id })
}

function toProof(
  parts: Pick<VaultParts, 'keyring'>,
  clientId: string,
  secret: AuthClientSecretRow,
): Proof {
  const authentication = { method: 'secret', secret: openSecret(parts, secret) } as const
  return {
    client: { clientId, authentication },
    ...(secret.slot === 'next' && { nextSecretId: secret.id }),
  }
}

function authenticationOf(parts: ProofParts, row: AuthClientRow): ClientAuthentication {
  const privateKeyPem = openPrivateKey(parts, row)
  if (row.authentication === 'certificate' && row.certificate_pem !== null && privateKeyPem)
    return { method: 'certificate', certificatePem: row.certificate_pem, privateKeyPem }
  const file = row.assertion_file
  if (row.authentication === 'federated' && file !== null)
    return {
      method: 'federated',
      readAssertion: (signal) => readAssertion(parts.assertionFolder, file, signal),
    }
  return { method: 'none' }
}
