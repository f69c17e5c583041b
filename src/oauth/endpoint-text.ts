import { isLoopbackHost } from '../transport/index.ts'
import { inputError } from './oauth-error.ts'

/** The fields of a form that hold an endpoint. */
export type EndpointField = 'authorization' | 'token' | 'device'

/** Something that was corrected, or looks wrong but does no harm yet. */
export interface EndpointWarning {
  readonly code:
    | 'characters_removed'
    | 'parameters_removed'
    | 'resource_double_encoded'
    | 'resource_placeholder'
    | 'resource_insecure'
    | 'resource_has_path'
    | 'resource_differs'
    | 'resource_on_v2'
  readonly field: EndpointField
  readonly message: string
  /** What to write instead, where one answer is clear. */
  readonly fix?: string
}

const TITLES: Readonly<Record<EndpointField, string>> = {
  authorization: 'Authorization Endpoint',
  token: 'Token Endpoint',
  device: 'Device Authorization Endpoint',
}

/** What the form calls a field. */
export function titleOf(field: EndpointField): string {
  return TITLES[field]
}

// Fairlead sets these itself for each sign-in; pasted from an old sign-in's address they would clash.
const OWN_PARAMETERS = [
  'client_id',
  'client_secret',
  'code',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'redirect_uri',
  'response_mode',
  'response_type',
  'state',
]

/**
 * Reads one endpoint as it was typed: blanks and invisible characters go, so do parameters of an old
 * sign-in; everything else stays as it is.
 *
 * @throws OAuthError `endpoint_missing`, `endpoint_unreadable`, `endpoint_placeholder`, `endpoint_insecure`
 */
export function readEndpoint(
  field: EndpointField,
  typed: string,
): { readonly url: URL; readonly warnings: readonly EndpointWarning[] } {
  const text = typed.replace(/[\s\p{Cf}]+/gu, '')
  if (text === '') throw missing(field)
  const url = URL.parse(text)
  const placeholder = /[{<][^}>]*[}>]|your[-_ ]?tenant|tenant[-_]?id/i.exec(
    text.split('?', 1)[0] ?? '',
  )
  if (placeholder) throw placeholderLeft(field, placeholder[0])
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '')
    throw unreadable(field)
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) throw insecure(field, url)
  const warnings: EndpointWarning[] = []
  if (text !== typed.trim()) warnings.push(charactersRemoved(field))
  const removed = OWN_PARAMETERS.filter((name) => url.searchParams.has(name))
  if (removed.length > 0 || url.hash !== '') {
    removeParameters(url, removed)
    url.hash = ''
    warnings.push(parametersRemoved(field, url, removed))
  }
  return { url, warnings }
}

// URLSearchParams would write the parameters that stay anew, with other escapes.
export function removeParameters(url: URL, names: readonly string[]): void {
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((pair) => {
      const [name = ''] = new URLSearchParams(pair).keys()
      return pair !== '' && !names.includes(name)
    })
  url.search = kept.join('&')
}

function missing(field: EndpointField) {
  return inputError('endpoint_missing', {
    what: `The ${TITLES[field]} is empty.`,
    why: 'It is where the authorization server is asked.',
    remedy: 'Enter the CRM address and let Fairlead find it, or copy it from the server.',
    facts: { field },
  })
}

function unreadable(field: EndpointField) {
  return inputError('endpoint_unreadable', {
    what: `The ${TITLES[field]} is not a web address.`,
    why: 'It must be a complete address that begins with https:// and holds no user name.',
    remedy: 'Copy it again, for example https://login.microsoftonline.com/common/oauth2/token.',
    facts: { field },
  })
}

function placeholderLeft(field: EndpointField, placeholder: string) {
  return inputError('endpoint_placeholder', {
    what: `The ${TITLES[field]} still holds the placeholder ${placeholder}.`,
    why: 'A guide writes it where your own value belongs.',
    remedy:
      'Replace it by the Directory (tenant) ID, or enter the CRM address and let Fairlead find it.',
    facts: { field, placeholder },
  })
}

function insecure(field: EndpointField, url: URL) {
  const fix = url.href.replace(/^http:/, 'https:')
  return inputError('endpoint_insecure', {
    what: `The ${TITLES[field]} begins with http://.`,
    why: 'Secrets and tokens would cross the network in clear. Only addresses of this machine may do that.',
    remedy: 'Write it with https://.',
    facts: { field, fix },
  })
}

function charactersRemoved(field: EndpointField): EndpointWarning {
  return {
    code: 'characters_removed',
    field,
    message: `Blanks, line breaks or invisible characters were taken out of the ${TITLES[field]}.`,
  }
}

function parametersRemoved(
  field: EndpointField,
  url: URL,
  removed: readonly string[],
): EndpointWarning {
  const what = removed.length > 0 ? removed.join(', ') : 'the part after #'
  return {
    code: 'parameters_removed',
    field,
    message: `Taken out of the ${TITLES[field]}: ${what}. Fairlead adds what a sign-in needs itself.`,
    fix: url.href,
  }
}
