import { readFile } from 'node:fs/promises'
import { textOption } from '../read-arguments.ts'
import { UsageError } from '../usage-error.ts'
import type { Call, Options, Verb } from '../verb.ts'

/** How a client proves itself; secrets come from files, a pipe or a question, never from an argument. */
export const proofOptions = {
  'secret-file': { type: 'string', value: '<file>', what: 'A file with the client secret' },
  'secret-expires': { type: 'string', value: '<date>', what: 'When the secret ends: 2028-01-31' },
  certificate: { type: 'string', value: '<file>', what: 'A certificate in PEM form, instead' },
  'private-key': { type: 'string', value: '<file>', what: 'Its private key in PEM form' },
  'assertion-file': {
    type: 'string',
    value: '<file>',
    what: 'The file on the hub that a workload identity writes its assertion to, instead',
  },
  public: { type: 'boolean', what: 'A public client: it proves nothing' },
} as const satisfies Options

export interface Proof {
  readonly authentication?: 'secret' | 'certificate' | 'federated' | 'none'
  readonly clientSecret?: string
  readonly secretExpiresAt?: string
  readonly certificatePem?: string
  readonly privateKeyPem?: string
  readonly assertionFile?: string
}

/** Tells whether the options say how a client proves itself. */
export function namesProof({ options }: Pick<Call, 'options'>): boolean {
  return Object.keys(proofOptions).some((name) => options[name] !== undefined)
}

/** Reads the proof that the options name, if any. @throws UsageError `usage` */
export async function readProof(verb: Verb, call: Pick<Call, 'options'>): Promise<Proof> {
  const file = async (name: string) => await read(verb, name, textOption(call, name))
  const expires = textOption(call, 'secret-expires')
  const assertionFile = textOption(call, 'assertion-file')
  if (call.options['public'] === true) return { authentication: 'none' }
  if (assertionFile !== undefined) return { authentication: 'federated', assertionFile }
  if (textOption(call, 'certificate') !== undefined)
    return {
      authentication: 'certificate',
      certificatePem: await file('certificate'),
      privateKeyPem: await file('private-key'),
    }
  const expiry = expires === undefined ? {} : { secretExpiresAt: readDate(verb, expires) }
  if (textOption(call, 'secret-file') === undefined) return expiry
  const clientSecret = (await file('secret-file')).trim()
  return { authentication: 'secret', clientSecret, ...expiry }
}

/** Reads the proof that the options name, and asks for a secret when they name none. */
export async function demandProof(
  verb: Verb,
  call: Pick<Call, 'options' | 'terminal' | 'signal'>,
): Promise<Proof & { readonly authentication: NonNullable<Proof['authentication']> }> {
  const { authentication, ...proof } = await readProof(verb, call)
  if (authentication !== undefined) return { authentication, ...proof }
  const question = 'Client secret (the Value column): '
  const clientSecret = await call.terminal.askSecret(question, call.signal)
  if (clientSecret !== '') return { authentication: 'secret', clientSecret, ...proof }
  throw new UsageError(verb, 'There is no client secret.', {
    remedy: 'Give --secret-file, or pipe the secret in, or use --certificate or --public.',
  })
}

function readDate(verb: Verb, text: string): string {
  const time = Date.parse(text)
  if (!Number.isNaN(time)) return new Date(time).toISOString()
  throw new UsageError(verb, `"${text}" is not a date.`, { remedy: 'Write it as 2028-01-31.' })
}

async function read(verb: Verb, option: string, path: string | undefined): Promise<string> {
  if (path === undefined) throw new UsageError(verb, `--${option} is missing.`)
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new UsageError(verb, `The file "${path}" of --${option} cannot be read.`, { cause })
  }
}
