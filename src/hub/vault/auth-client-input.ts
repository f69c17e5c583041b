import { Secret } from '../../kernel/index.ts'
import { looksLikeSecretId, readSigningPair } from '../../oauth/index.ts'
import { checkAssertionFile } from './assertion-file.ts'
import type { AuthClientChanges, AuthClientInput, Warning } from './auth-client.ts'
import { fieldError } from './vault-error.ts'

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
// Copying from a portal, a chat or a document brings such characters along; none is part of any value.
const INVISIBLE = String.raw`[\s\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF]+`
const AROUND = new RegExp(`^${INVISIBLE}|${INVISIBLE}$`, 'g')
const LONGEST = 4_096
const SHORT_SECRET = 16
const LONG_SECRET = 64

/** Takes away the white space and invisible characters around a pasted text. */
export function clean(text: string): string {
  return text.replace(AROUND, '')
}

function isGuid(text: string): boolean {
  return GUID.test(text)
}

/** What may be shown of a secret: little of a long one, nothing of a short one. */
export function secretHint(secret: Secret): string {
  const text = secret.reveal()
  if (text.length < SHORT_SECRET) return `short (under ${SHORT_SECRET} characters)`
  const length = text.length <= LONG_SECRET ? 'usual length' : `long (over ${LONG_SECRET})`
  return `${text.slice(0, 3)}… ${length}`
}

/**
 * Cleans what was typed, and checks what can be checked without asking anybody.
 *
 * @throws VaultError `field_invalid` naming the field
 */
export function cleanInput<Input extends AuthClientInput | AuthClientChanges>(input: Input): Input {
  const cleaned: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(input)) {
    const text = value instanceof Secret ? clean(value.reveal()) : value
    if (typeof text !== 'string') cleaned[field] = value
    else if (text.length > LONGEST * 4)
      throw fieldError(field, 'It is far too long.', 'Paste only the value itself.')
    else cleaned[field] = value instanceof Secret ? new Secret(text) : clean(text)
  }
  const result = { ...input, ...cleaned }
  for (const field of ['name', 'clientId', 'authorizationEndpoint', 'tokenEndpoint'] as const)
    if (field in result && !result[field])
      throw fieldError(field, 'It is empty.', 'Fill it in: it is required.')
  return result
}

/**
 * Checks that what an authentication method needs is there.
 *
 * @throws VaultError `field_invalid`; OAuthError `certificate_unusable`
 */
export function checkProof(
  input: Pick<
    AuthClientInput,
    'authentication' | 'secret' | 'certificatePem' | 'privateKeyPem' | 'assertionFile'
  >,
  assertionFolder: string | undefined,
): void {
  if (input.authentication === 'secret' && !input.secret?.reveal())
    throw fieldError(
      'secret',
      'It is empty.',
      'Paste the column "Value" from Certificates & secrets, or choose another authentication.',
    )
  if (input.authentication === 'certificate') {
    if (!input.certificatePem || !input.privateKeyPem)
      throw fieldError(
        input.certificatePem ? 'privateKeyPem' : 'certificatePem',
        'It is empty.',
        'Give the certificate and its private key, both in PEM form.',
      )
    const { certificatePem, privateKeyPem } = input
    readSigningPair({ certificatePem, privateKeyPem })
  }
  if (input.authentication === 'federated' && !input.assertionFile)
    throw fieldError(
      'assertionFile',
      'It is empty.',
      'Name the file that the platform writes the assertion to.',
    )
  if (input.assertionFile) checkAssertionFile(assertionFolder, input.assertionFile)
}

/** Finds what was accepted but is probably wrong. */
export function doubts(input: {
  readonly clientId: string
  readonly secret?: Secret | undefined
  readonly isEntra: boolean
}): readonly Warning[] {
  const warnings: Warning[] = []
  if (input.isEntra && !isGuid(input.clientId))
    warnings.push({
      code: 'client_id_not_guid',
      field: 'clientId',
      what: 'The Client Id is not a GUID, but those of Entra ID are.',
      remedy: 'Copy "Application (client) ID" from the app registration\'s Overview.',
    })
  if (input.isEntra && input.secret !== undefined && looksLikeSecretId(input.secret.reveal()))
    warnings.push({
      code: 'secret_is_secret_id',
      field: 'secret',
      what: 'The secret looks like a Secret ID, which is not the secret.',
      remedy:
        'Copy the column "Value" from Certificates & secrets. It is shown only once: make a new secret if it is gone.',
    })
  return warnings
}

/** The warning for a client id that is stored more than once. */
export function duplicateWarning(names: readonly string[], secretsDiffer: boolean): Warning {
  const others = names.map((name) => `"${name}"`).join(', ')
  return secretsDiffer
    ? {
        code: 'client_id_stored_with_other_secret',
        field: 'clientId',
        what: `The same Client Id is stored already, with another secret: ${others}.`,
        remedy: 'Use that Auth Client for all Credentials, and keep the newest secret there only.',
      }
    : {
        code: 'client_id_stored_twice',
        field: 'clientId',
        what: `The same Client Id is stored already: ${others}.`,
        remedy: 'Use that Auth Client: one serves every environment of the directory.',
      }
}
