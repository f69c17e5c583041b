import { type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import type { Random, Secret } from '../../kernel/index.ts'
import { AccessError } from './access-error.ts'

/** The cost of one hash: memory is 128 · r · 2^ln bytes, time grows with p as well. */
export interface PasswordCost {
  readonly ln: number
  readonly r: number
  readonly p: number
}

/** 32 MiB a hash, a few at a time: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
export const PASSWORD_COST: PasswordCost = { ln: 15, r: 8, p: 3 }

const BYTES = 32
const WAITING = 32
const STORED =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/

/** Hashes and compares passwords, at most a few dozen waiting at a time. */
export interface Passwords {
  /** Hashes a password with a fresh salt; the parameters stand in the hash. */
  hash(password: Secret): Promise<string>
  /**
   * Compares in constant time; without a stored hash it takes as long and says no.
   *
   * @throws AccessError `sign_in_busy`
   */
  matches(password: Secret, stored: string | undefined): Promise<boolean>
  /** Tells whether a stored hash was made at another cost than today's. */
  isOutdated(stored: string): boolean
}

/** Makes the hashing of passwords. */
export function createPasswords(random: Random, cost: PasswordCost = PASSWORD_COST): Passwords {
  const bounded = bound()
  const salt = () => Buffer.from(random.bytes(16))
  const encode = (used: Buffer, key: Buffer) =>
    `${prefix(cost)}${used.toString('base64url')}$${key.toString('base64url')}`
  const decoy = encode(salt(), Buffer.alloc(BYTES))
  return {
    hash: async (password) => {
      const used = salt()
      return encode(used, await bounded(() => derive(password, used, cost)))
    },
    matches: async (password, stored) => {
      const known = parse(stored ?? decoy)
      const key = await bounded(() => derive(password, known.salt, known.cost))
      return timingSafeEqual(key, known.key) && stored !== undefined
    },
    isOutdated: (stored) => !stored.startsWith(prefix(cost)),
  }
}

/** Refuses a password that is quickly guessed. @throws AccessError `password_unsuitable` */
export function checkPassword(password: Secret, name: string): void {
  const text = password.reveal().normalize('NFKC')
  const why =
    [...text].length < 12
      ? 'It has fewer than 12 characters.'
      : new Set(text).size < 5
        ? 'It repeats the same few characters.'
        : text.toLowerCase() === name.toLowerCase()
          ? 'It is the name of the user.'
          : undefined
  if (why === undefined) return
  throw new AccessError('password_unsuitable', {
    what: 'This password is too easy to guess.',
    why,
    remedy: 'Choose at least 12 characters; four or five unrelated words are good.',
    facts: { field: 'password' },
  })
}

function prefix({ ln, r, p }: PasswordCost): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$`
}

function parse(stored: string) {
  const [, ln, r, p, salt, key] = STORED.exec(stored) ?? []
  if (salt === undefined || key === undefined)
    throw new Error('A stored password hash is not in the known form')
  return {
    cost: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  }
}

function derive(password: Secret, salt: Buffer, { ln, r, p }: PasswordCost): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** ln, r, p, maxmem: 256 * r * 2 ** ln }
  // The same password typed on another keyboard must give the same bytes.
  const text = password.reveal().normalize('NFKC')
  return new Promise((resolve, reject) => {
    scrypt(text, salt, BYTES, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

function bound() {
  let waiting = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting >= WAITING)
      throw new AccessError('sign_in_busy', {
        what: 'Too many people are signing in at this moment.',
        why: 'Checking a password is slow on purpose, and only so many may wait.',
        remedy: 'Try again in a few seconds.',
        retry: { when: 'later', afterMs: 5_000 },
      })
    waiting += 1
    try {
      return await work()
    } finally {
      waiting -= 1
    }
  }
}
