import { readFile } from 'node:fs/promises'
import type { Answer } from '../../http/contract/index.ts'
import { UsageError } from '../usage-error.ts'
import type { Call } from '../verb.ts'

export type AuthClient = Answer<'getAuthClient'>

/** How a client proves itself; secrets come from files, a pipe or a question, never from an argument. */
export const proofOptions = {
  'secret-file': { type: 'string' },
  'secret-expires': { type: 'string' },
  certificate: { type: 'string' },
  'private-key': { type: 'string' },
  'assertion-file': { type: 'string' },
  public: { type: 'boolean' },
} as const

interface Proof {
  readonly authentication?: AuthClient['authentication']
  readonly clientSecret?: string
  readonly secretExpiresAt?: string
  readonly certificatePem?: string
  readonly privateKeyPem?: string
  readonly assertionFile?: string
}

/** Reads the proof that the options name; with `ask` a missing secret is asked for. */
export async function readProof(
  { options, terminal, signal }: Pick<Call, 'options' | 'terminal' | 'signal'>,
  ask: boolean,
): Promise<Proof> {
  const { certificate, 'assertion-file': assertionFile, 'secret-file': secretFile } = options
  if (options['public'] === true) return { authentication: 'none' }
  if (typeof assertionFile === 'string') return { authentication: 'federated', assertionFile }
  if (typeof certificate === 'string')
    return {
      authentication: 'certificate',
      certificatePem: await read(certificate),
      privateKeyPem: await read(String(options['private-key'] ?? '')),
    }
  const expires = options['secret-expires']
  const expiry = typeof expires === 'string' ? { secretExpiresAt: readDate(expires) } : {}
  if (typeof secretFile === 'string')
    return { authentication: 'secret', clientSecret: (await read(secretFile)).trim(), ...expiry }
  if (!ask) return expiry
  const clientSecret = await terminal.askSecret('Client secret (the Value column): ', signal)
  return { authentication: 'secret', clientSecret, ...expiry }
}

/** Shows an Auth Client as lines. */
export function describeAuthClient(client: AuthClient): string {
  const secrets = client.secrets.map(
    ({ slot, hint, expiresAt }) =>
      `${slot}: ${hint}… ${expiresAt ? `expires ${expiresAt.slice(0, 10)}` : 'expiry not known'}`,
  )
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['id', client.id],
    ['name', client.name],
    ['client id', client.clientId],
    ['proof', client.authentication],
    ['authorization', client.authorizationEndpoint],
    ['token', client.tokenEndpoint],
    ...secrets.map((text) => ['secret', text] as const),
  ]
  return facts
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(14)} ${value}`)
    .join('\n')
}

function readDate(text: string): string {
  const time = Date.parse(text)
  if (!Number.isNaN(time)) return new Date(time).toISOString()
  throw new UsageError(
    { name: 'auth-clients', usage: 'add … --secret-expires 2028-01-31' },
    `"${text}" is not a date.`,
  )
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new UsageError(
      { name: 'auth-clients', usage: 'add … --secret-file <file>' },
      `The file "${path}" cannot be read.`,
      error,
    )
  }
}
