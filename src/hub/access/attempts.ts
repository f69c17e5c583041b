import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { Clock } from '../../kernel/index.ts'
import { countAttempt, forgetAttempts, type Store } from '../store/index.ts'
import { AccessError } from './access-error.ts'

const WINDOW_MS = 15 * 60_000
const PER_ACCOUNT = 10
const PER_ADDRESS = 50

/**
 * Counts an attempt to sign in before it is judged, so that parallel ones count too.
 *
 * @throws AccessError `too_many_attempts`
 */
export async function admitAttempt(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  { nameKey, address }: { readonly nameKey: string; readonly address: string },
): Promise<void> {
  const at = clock.now()
  const limits = [
    { subject: addressSubject(address), limit: PER_ADDRESS },
    { subject: accountSubject(nameKey), limit: PER_ACCOUNT },
  ]
  // The address first: one that is refused can neither lock an account nor fill the table.
  for (const { subject, limit } of limits) {
    const { count, endsAt } = await countAttempt(store.db, subject, { at, endsAt: at + WINDOW_MS })
    if (count > limit) throw refused(endsAt - at)
  }
}

/** Forgets the failed attempts of an account whose owner has shown up. */
export async function forgetAccount(store: Store, nameKey: string): Promise<void> {
  await forgetAttempts(store.db, accountSubject(nameKey))
}

// Names are hashed: people type their password into the wrong field.
function accountSubject(nameKey: string): string {
  return `account:${createHash('sha256').update(nameKey).digest('base64url')}`
}

/** One household or server has a whole /64 of IPv6 addresses. */
function addressSubject(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined || !isIPv6(address)) return `address:${mapped ?? address}`
  const [head = '', tail] = address.split('%', 1).join('').split('::')
  const groups = head === '' ? [] : head.split(':')
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').length
  const first = [
    ...groups,
    ...Array.from({ length: missing }, () => '0'),
    ...(tail ?? '').split(':'),
  ]
  return `address:${first.slice(0, 4).join(':')}/64`
}

function refused(afterMs: number) {
  return new AccessError('too_many_attempts', {
    what: 'There were too many attempts to sign in.',
    why: `At most ${PER_ACCOUNT} for an account, and ${PER_ADDRESS} from an address, count in 15 minutes.`,
    remedy: `Wait ${Math.ceil(afterMs / 60_000)} minutes. If the password is lost, the operator makes a new link with "fairlead users reset".`,
    retry: { when: 'later', afterMs },
  })
}
