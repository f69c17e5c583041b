import type { Clock, Random, Secret } from '../../kernel/index.ts'
import type { AuditLog } from '../audit/index.ts'
import type { Store } from '../store/index.ts'
import { AccessError } from './access-error.ts'
import type { AccessParts } from './access-parts.ts'
import {
  type ApiKey,
  createApiKey,
  findKeyPrincipal,
  type IssuedApiKey,
  issueApiKey,
  listApiKeys,
  type NewApiKey,
  revokeApiKey,
  withdrawApiKey,
} from './api-keys.ts'
import { createPasswords, type PasswordCost } from './password.ts'
import type { Principal } from './principal.ts'
import { endSession, findSessionPrincipal, type SignedIn, signIn } from './sessions.ts'
import {
  makeFirstLink,
  makeResetLink,
  readSetupLink,
  type SetupLink,
  type SetupPurpose,
  useSetupLink,
} from './setup-links.ts'

/** What a caller shows to prove who they are. */
export type Proof =
  | { readonly kind: 'session'; readonly token: Secret }
  | { readonly kind: 'key'; readonly key: Secret }

/** Who may come in: users with their sessions, API keys, and the links that begin it all. */
export interface Access {
  /** @throws AccessError `not_signed_in` */
  identify(proof: Proof | undefined): Promise<Principal>
  signIn(given: {
    readonly name: string
    readonly password: Secret
    /** Where the call comes from, an IP address. */
    readonly address: string
  }): Promise<SignedIn>
  signOut(token: Secret): Promise<void>
  /** A link for the first user; nothing when there is a user. */
  firstLink(): Promise<SetupLink | undefined>
  /** A link for a new password, for the operator's command line. */
  resetUser(name?: string): Promise<SetupLink>
  readSetupLink(token: Secret): Promise<SetupPurpose>
  useSetupLink(given: {
    readonly token: Secret
    readonly name: string
    readonly password: Secret
  }): Promise<SignedIn>
  createApiKey(maker: Principal, wanted: NewApiKey): Promise<IssuedApiKey>
  /** A key for a command line that runs in the hub's own process. */
  issueApiKey(wanted: NewApiKey): Promise<IssuedApiKey>
  /** Takes such a key back; one that is gone already is no fault. */
  withdrawApiKey(id: string): Promise<void>
  listApiKeys(asker: Principal): Promise<readonly ApiKey[]>
  revokeApiKey(asker: Principal, id: string): Promise<void>
}

export interface AccessOptions {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditLog
  readonly publicUrl: URL
  /** The cost of a password's hash; tests take less. */
  readonly passwordCost?: PasswordCost
}

/** Makes access over a store. */
export function createAccess({ passwordCost, ...options }: AccessOptions): Access {
  const passwords = createPasswords(options.random, passwordCost)
  const parts: AccessParts = { ...options, passwords }
  return {
    identify: async (proof) => {
      const principal = await find(parts, proof)
      if (principal === undefined) throw notSignedIn(proof)
      return principal
    },
    signIn: (given) => signIn(parts, given),
    signOut: (token) => endSession(parts, token),
    firstLink: () => makeFirstLink(parts),
    resetUser: (name) => makeResetLink(parts, name),
    readSetupLink: (token) => readSetupLink(parts, token),
    useSetupLink: (given) => useSetupLink(parts, given),
    createApiKey: (maker, wanted) => createApiKey(parts, maker, wanted),
    issueApiKey: (wanted) => issueApiKey(parts, wanted),
    withdrawApiKey: (id) => withdrawApiKey(parts, id),
    listApiKeys: (asker) => listApiKeys(parts, asker),
    revokeApiKey: (asker, id) => revokeApiKey(parts, asker, id),
  }
}

async function find(parts: AccessParts, proof: Proof | undefined): Promise<Principal | undefined> {
  if (proof?.kind === 'key') return await findKeyPrincipal(parts, proof.key)
  if (proof?.kind === 'session') return await findSessionPrincipal(parts, proof.token)
  return undefined
}

function notSignedIn(proof: Proof | undefined) {
  const why = {
    key: 'The API key is unknown, has ended or was revoked.',
    session: 'The session has ended.',
    none: 'The call carries neither a session nor an API key.',
  }[proof?.kind ?? 'none']
  return new AccessError('not_signed_in', {
    what: 'You are not signed in.',
    why,
    remedy: 'Sign in at /login, or send an API key as "Authorization: Bearer flk_…".',
  })
}
