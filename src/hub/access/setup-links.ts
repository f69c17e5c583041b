import { randomToken, Secret } from '../../kernel/index.ts'
import { hubActor } from '../audit/index.ts'
import {
  deleteSessionsOf,
  deleteSetupLinks,
  findSetupLink,
  findUserByName,
  insertSetupLink,
  insertUser,
  listUsers,
  lockWorkspace,
  type Queryable,
  takeSetupLink,
  type UserRow,
  updatePassword,
} from '../store/index.ts'
import { AccessError } from './access-error.ts'
import { type AccessParts, DEFAULT_WORKSPACE } from './access-parts.ts'
import { checkPassword } from './password.ts'
import { beginSession, type SignedIn } from './sessions.ts'
import { hashToken } from './token-hash.ts'
import { checkUserName, nameKeyOf } from './user-name.ts'

const FIRST_RUN_MS = 24 * 3_600_000
const RESET_MS = 3_600_000

/** A one-time link, shown to the operator and stored only as a hash. */
export interface SetupLink {
  readonly url: Secret
  readonly expiresAt: number
}

/** What a link is for: making the first user, or a new password of a user. */
export type SetupPurpose =
  | { readonly kind: 'first-user' }
  | { readonly kind: 'new-password'; readonly name: string }

/** Makes a link for the first user, as long as there is none. */
export async function makeFirstLink(parts: AccessParts): Promise<SetupLink | undefined> {
  const users = await listUsers(parts.store.db, DEFAULT_WORKSPACE, 1)
  return users.length > 0 ? undefined : await makeLink(parts, null, FIRST_RUN_MS)
}

/**
 * Makes a link with which a user sets a new password; the name may be left out when there is one user.
 *
 * @throws AccessError `user_not_found`, `user_not_named`
 */
export async function makeResetLink(parts: AccessParts, name?: string): Promise<SetupLink> {
  const user = await pickUser(parts, name)
  await deleteSetupLinks(parts.store.db, user.workspaceId, user.id)
  const link = await makeLink(parts, user.id, RESET_MS)
  await parts.audit.record(hubActor(user.workspaceId), {
    action: 'user.reset_link_made',
    subject: { kind: 'user', id: user.id },
    result: 'ok',
  })
  return link
}

/** Tells what a link is for, without using it. @throws AccessError `setup_link_invalid` */
export async function readSetupLink(parts: AccessParts, token: Secret): Promise<SetupPurpose> {
  const link = await findSetupLink(parts.store.db, hashToken(token), parts.clock.now())
  if (link === undefined) throw invalid()
  return link.userName === null
    ? { kind: 'first-user' }
    : { kind: 'new-password', name: link.userName }
}

/**
 * Uses a link: makes the first user or sets a new password, and signs in. Of two users of one link, one wins.
 *
 * @throws AccessError `setup_link_invalid`, `password_unsuitable`, `name_unsuitable`, `name_taken`
 */
export async function useSetupLink(
  parts: AccessParts,
  given: { readonly token: Secret; readonly name: string; readonly password: Secret },
): Promise<SignedIn> {
  const { store, clock, passwords, audit } = parts
  const purpose = await readSetupLink(parts, given.token)
  const name = purpose.kind === 'new-password' ? purpose.name : checkUserName(given.name)
  checkPassword(given.password, name)
  const passwordHash = await passwords.hash(given.password)
  return await store.transaction(async (db) => {
    const at = clock.now()
    const link = await takeSetupLink(db, hashToken(given.token), at)
    if (link === undefined) throw invalid()
    const { workspaceId, userId } = link
    const user =
      userId === null
        ? await makeFirstUser(parts, db, { workspaceId, name, passwordHash })
        : await updatePassword(db, { workspaceId, id: userId, passwordHash, at })
    if (user === undefined) throw invalid()
    await deleteSetupLinks(db, workspaceId, userId)
    await deleteSessionsOf(db, workspaceId, user.id)
    await audit.append(
      db,
      { workspaceId, kind: 'user', id: user.id },
      {
        action: userId === null ? 'user.created' : 'user.password_set',
        subject: { kind: 'user', id: user.id },
        result: 'ok',
      },
    )
    return await beginSession(parts, db, user)
  })
}

async function makeLink(
  { store, clock, random, publicUrl }: AccessParts,
  userId: string | null,
  validMs: number,
): Promise<SetupLink> {
  const token = new Secret(randomToken(random))
  const at = clock.now()
  const expiresAt = at + validMs
  const workspaceId = DEFAULT_WORKSPACE
  await insertSetupLink(store.db, {
    workspaceId,
    tokenHash: hashToken(token),
    userId,
    at,
    expiresAt,
  })
  return { url: new Secret(new URL(`/setup/${token.reveal()}`, publicUrl).href), expiresAt }
}

async function makeFirstUser(
  { clock, random }: AccessParts,
  db: Queryable,
  given: Omit<UserRow, 'id'>,
): Promise<UserRow | undefined> {
  await lockWorkspace(db, given.workspaceId)
  const [existing] = await listUsers(db, given.workspaceId, 1)
  if (existing !== undefined) return undefined
  const user = { ...given, id: random.id() }
  const stored = await insertUser(db, { ...user, nameKey: nameKeyOf(user.name), at: clock.now() })
  if (stored) return user
  throw new AccessError('name_taken', {
    what: 'This name is taken.',
    why: 'Another user of this hub has it.',
    remedy: 'Choose another name.',
    facts: { field: 'name' },
  })
}

async function pickUser({ store }: AccessParts, name: string | undefined): Promise<UserRow> {
  if (name !== undefined) {
    const user = await findUserByName(store.db, nameKeyOf(name))
    if (user !== undefined) return user
  }
  const users = await listUsers(store.db, DEFAULT_WORKSPACE, 50)
  const [only] = users
  if (name === undefined && only !== undefined && users.length === 1) return only
  const names = users.map((user) => user.name)
  throw new AccessError(name === undefined ? 'user_not_named' : 'user_not_found', {
    what: name === undefined ? 'Which user is meant?' : 'There is no such user.',
    why: users.length === 0 ? 'This hub has no user yet.' : `There are: ${names.join(', ')}.`,
    remedy:
      users.length === 0
        ? 'Start the hub: it prints a set-up link as long as it has no user.'
        : 'Give the name of one of them.',
    who: 'operator',
    facts: { names },
  })
}

function invalid() {
  return new AccessError('setup_link_invalid', {
    what: 'This set-up link cannot be used.',
    why: 'It was used before, it has ended, or it was not copied whole.',
    remedy:
      'Copy the newest link from where the hub was started. For another one, start the hub again, or run "fairlead users reset" if a user exists already.',
    who: 'operator',
  })
}
