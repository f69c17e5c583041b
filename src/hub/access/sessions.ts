import { randomToken, Secret } from '../../kernel/index.ts'
import {
  deleteSession,
  findSession,
  findUserByName,
  insertSession,
  type Queryable,
  touchSession,
  type UserRow,
  updatePassword,
} from '../store/index.ts'
import { AccessError } from './access-error.ts'
import { type AccessParts, DEFAULT_WORKSPACE } from './access-parts.ts'
import { admitAttempt, forgetAccount } from './attempts.ts'
import type { Principal } from './principal.ts'
import { hashToken } from './token-hash.ts'
import { nameKeyOf } from './user-name.ts'

const IDLE_MS = 12 * 3_600_000
const ABSOLUTE_MS = 14 * 24 * 3_600_000
const TOUCH_MS = 60_000

/** A session that has just begun: the only time its token is at hand. */
export interface SignedIn {
  readonly token: Secret
  readonly principal: Principal
}

/**
 * Signs a user in by name and password.
 *
 * @throws AccessError `sign_in_refused`, `too_many_attempts`, `sign_in_busy`
 */
export async function signIn(
  parts: AccessParts,
  given: { readonly name: string; readonly password: Secret; readonly address: string },
): Promise<SignedIn> {
  const { store, passwords } = parts
  const nameKey = nameKeyOf(given.name)
  await admitAttempt(parts, { nameKey, address: given.address })
  const user = await findUserByName(store.db, nameKey)
  const right = await passwords.matches(given.password, user?.passwordHash)
  if (user === undefined || !right) {
    await recordSignIn(parts, user ?? UNKNOWN, given.address, 'refused')
    throw new AccessError('sign_in_refused', {
      what: 'The name or the password is wrong.',
      why: 'No user of this hub has this name with this password.',
      remedy:
        'Check both. If the password is lost, the operator makes a new link with "fairlead users reset".',
    })
  }
  await forgetAccount(store, nameKey)
  if (passwords.isOutdated(user.passwordHash)) await hashAgain(parts, user, given.password)
  const signedIn = await beginSession(parts, store.db, user)
  await recordSignIn(parts, user, given.address, 'ok')
  return signedIn
}

/** Begins a session of a user whose identity is proven. */
export async function beginSession(
  { clock, random }: AccessParts,
  db: Queryable,
  user: Pick<UserRow, 'workspaceId' | 'id' | 'name'>,
): Promise<SignedIn> {
  const token = new Secret(randomToken(random))
  const at = clock.now()
  const expiresAt = at + ABSOLUTE_MS
  const { workspaceId, id, name } = user
  await insertSession(db, { workspaceId, userId: id, tokenHash: hashToken(token), at, expiresAt })
  return { token, principal: userPrincipal({ workspaceId, id, name, expiresAt }) }
}

/** Tells whose session a token is; nothing when it has ended or never was. */
export async function findSessionPrincipal(
  { store, clock }: AccessParts,
  token: Secret,
): Promise<Principal | undefined> {
  const at = clock.now()
  const tokenHash = hashToken(token)
  const session = await findSession(store.db, tokenHash, { at, seenAfter: at - IDLE_MS })
  if (session === undefined) return undefined
  if (session.seenAt + TOUCH_MS <= at) await touchSession(store.db, tokenHash, at)
  const { workspaceId, userId, userName, expiresAt } = session
  return userPrincipal({ workspaceId, id: userId, name: userName, expiresAt })
}

/** Ends a session; ending one that is not there is no failure. */
export async function endSession({ store }: AccessParts, token: Secret): Promise<void> {
  await deleteSession(store.db, hashToken(token))
}

// Every user may do everything until there are roles.
function userPrincipal(user: Omit<Principal, 'kind' | 'scopes'>): Principal {
  return { kind: 'user', scopes: ['admin'], ...user }
}

async function hashAgain(
  { store, clock, passwords }: AccessParts,
  { workspaceId, id }: UserRow,
  password: Secret,
): Promise<void> {
  const passwordHash = await passwords.hash(password)
  await updatePassword(store.db, { workspaceId, id, passwordHash, at: clock.now() })
}

// Noted like a known one, so that an answer takes as long; the name may be a mistyped password.
const UNKNOWN = { workspaceId: DEFAULT_WORKSPACE, id: 'unknown' }

async function recordSignIn(
  { audit }: AccessParts,
  user: Pick<UserRow, 'workspaceId' | 'id'>,
  ip: string,
  result: 'ok' | 'refused',
): Promise<void> {
  await audit.record(
    { workspaceId: user.workspaceId, kind: 'user', id: user.id, ip },
    { action: 'user.signed_in', subject: { kind: 'user', id: user.id }, result },
  )
}
