import { createPrivateKey } from 'node:crypto'
import type { SecretValue } from './secret-search.ts'

const KINDS: Readonly<Record<string, string>> = {
  access_token: 'access token',
  refresh_token: 'refresh token',
  id_token: 'id token',
  client_secret: 'client secret',
  client_assertion: 'client assertion',
  code: 'authorization code',
  code_verifier: 'PKCE verifier',
  device_code: 'device code',
  state: 'state',
  passwd: 'password at Microsoft',
}

/** The secrets of a run, gathered where they are made or go by outside of the hub. */
export class Secrets {
  readonly #kinds = new Map<string, string>()

  add(kind: string, value: string): string {
    if (value !== '' && !this.#kinds.has(value)) this.#kinds.set(value, kind)
    return value
  }

  /** Adds the private numbers of a key: its modulus stands in the certificate, too. */
  addPrivateKey(pem: string): string {
    const { d, p, q, dp, dq, qi } = createPrivateKey(pem).export({ format: 'jwk' })
    for (const number of [d, p, q, dp, dq, qi])
      this.add('private key', Buffer.from(number ?? '', 'base64url').toString('latin1'))
    return pem
  }

  /** Takes what is secret out of the fields of a form, a query or a JSON answer. */
  gather(fields: Iterable<readonly [string, unknown]>): void {
    for (const [name, value] of fields) {
      const kind = KINDS[name]
      if (kind !== undefined && typeof value === 'string') this.add(kind, value)
    }
  }

  /** How many there are of each kind. */
  counts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {}
    for (const kind of this.#kinds.values()) counts[kind] = (counts[kind] ?? 0) + 1
    return counts
  }

  values(): readonly SecretValue[] {
    // The bytes of a key were kept as latin1; everything else is ASCII.
    return [...this.#kinds].map(([value, kind]) => ({ kind, value: Buffer.from(value, 'latin1') }))
  }
}
