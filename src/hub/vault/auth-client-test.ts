import type { Explanation, Json } from '../../kernel/index.ts'
import {
  type GrantRequest,
  isSharedTenant,
  moveToTenant,
  OAuthError,
  requestAppTokens,
} from '../../oauth/index.ts'
import type { Actor } from '../audit/index.ts'
import { type AuthClientRow, listCredentials } from '../store/index.ts'
import { isProofRefused } from './refresh-failure.ts'
import { type Proof, readProofs, toRegistration } from './registration.ts'
import { requireAuthClient } from './require-auth-client.ts'
import { fieldError } from './vault-error.ts'
import type { VaultParts } from './vault-parts.ts'

/** What is to be tested with. */
export interface TestOptions {
  /** The secret to try; both when it is left out. */
  readonly slot?: 'current' | 'next'
  /** The environment to ask for; without it that of the first Credential on this Auth Client. */
  readonly environmentUrl?: string
  /** The directory to ask; needed where the endpoints say `common`. */
  readonly tenantId?: string
  readonly signal?: AbortSignal
}

/** What the token endpoint said to one of the secrets, or to the certificate. */
export interface ProofTest {
  readonly slot: 'current' | 'next'
  /**
   * `refused`: the client id, secret or certificate is wrong; `inconclusive`: what was said tells
   * nothing about them.
   */
  readonly outcome: 'accepted' | 'refused' | 'inconclusive'
  readonly code?: string
  readonly explanation?: Explanation
  readonly facts?: Readonly<Record<string, Json>>
}

export interface AuthClientTest {
  readonly tests: readonly ProofTest[]
}

const REQUEST_MS = 15_000
// Entra looks at the client before it looks at the resource.
const NO_ENVIRONMENT = 'https://example.crm.dynamics.com'

/**
 * Asks for a token of the app's own with each proof, and forgets what comes back.
 *
 * @throws VaultError `auth_client_not_found`, `field_invalid` when the slot is empty
 */
export async function testAuthClient(
  parts: VaultParts,
  by: Actor,
  id: string,
  options: TestOptions,
): Promise<AuthClientTest> {
  const { store, audit } = parts
  const row = await requireAuthClient(store.db, by.workspaceId, id)
  const [credential] = await listCredentials(store.db, by.workspaceId, {
    authClientId: id,
    limit: 1,
  })
  const environmentUrl =
    options.environmentUrl ?? credential?.environment_url ?? namedResource(row) ?? NO_ENVIRONMENT
  const tests: ProofTest[] = []
  for (const proof of await chooseProofs(parts, row, options.slot))
    tests.push(
      await testProof(parts, placed(row, options.tenantId), proof, environmentUrl, options),
    )
  await audit.record(by, {
    action: 'auth_client.tested',
    subject: { kind: 'auth_client', id },
    result: 'ok',
    facts: { outcomes: tests.map(({ outcome }) => outcome) },
  })
  return { tests }
}

async function chooseProofs(
  parts: VaultParts,
  row: AuthClientRow,
  slot: TestOptions['slot'],
): Promise<readonly Proof[]> {
  const proofs = await readProofs(parts, parts.store.db, row)
  const chosen = proofs.filter((proof) => slot === undefined || slotOf(proof) === slot)
  if (chosen.length > 0) return chosen
  throw fieldError('slot', 'There is no secret in it.', 'Add the secret first, or test the other.')
}

function slotOf({ nextSecretId }: Proof): 'current' | 'next' {
  return nextSecretId === undefined ? 'current' : 'next'
}

async function testProof(
  { clock, random, send }: VaultParts,
  row: AuthClientRow,
  proof: Proof,
  environmentUrl: string,
  { signal }: TestOptions,
): Promise<ProofTest> {
  const slot = slotOf(proof)
  try {
    const request: GrantRequest = toRegistration(row, environmentUrl, proof)
    await requestAppTokens(request, {
      clock,
      random,
      send: (each) => send({ ...each, timeoutMs: REQUEST_MS }),
      ...(signal && { signal }),
    })
    return { slot, outcome: 'accepted' }
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    const refused = isProofRefused(error) || error.affects === 'auth-client'
    const { code, explanation, facts } = error
    // Only who has proved itself is told that the resource, or consent to it, is missing.
    const accepted = !refused && error.failure !== undefined && error.affects !== 'transient'
    const outcome = refused ? 'refused' : accepted ? 'accepted' : 'inconclusive'
    return { slot, outcome, code, explanation, facts }
  }
}

// The client-credentials grant needs one directory, whatever the endpoints say.
function placed(row: AuthClientRow, tenantId: string | undefined): AuthClientRow {
  if (tenantId === undefined || isSharedTenant(tenantId)) return row
  const moved = moveToTenant(
    { authorization: row.authorization_endpoint, token: row.token_endpoint },
    tenantId,
  )
  return { ...row, authorization_endpoint: moved.authorization, token_endpoint: moved.token }
}

function namedResource(row: AuthClientRow): string | undefined {
  const named = URL.parse(row.authorization_endpoint)?.searchParams.get('resource') ?? ''
  return URL.parse(named)?.origin
}
