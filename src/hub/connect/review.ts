import type { CodedError, Explanation } from '../../kernel/index.ts'
import {
  type Discovery,
  isSharedTenant,
  moveToTenant,
  OAuthError,
  type ParsedEndpoints,
  parseCrmAddress,
  parseEndpoints,
} from '../../oauth/index.ts'
import type { ConnectParts } from './connect-parts.ts'
import { findDirectory } from './find-directory.ts'

/** What a person has filled in so far. */
export interface ReviewInput {
  readonly clientId?: string
  readonly authorizationEndpoint?: string
  readonly tokenEndpoint: string
  /** The CRM address that it will be used with. */
  readonly address?: string
}

/** Something that will not work, or is doubtful; with `change`, the whole of it puts that right. */
export interface Advice extends Explanation {
  readonly code: string
  readonly field?: string
  readonly change?: { readonly authorizationEndpoint?: string; readonly tokenEndpoint?: string }
}

type ReviewParts = Pick<ConnectParts, 'send' | 'clock' | 'logger' | 'trustedLoginOrigins'>

/** Foresees what Microsoft will refuse, before anything is stored or anybody signs in. */
export async function review(parts: ReviewParts, input: ReviewInput): Promise<readonly Advice[]> {
  const address = readAddress(input.address)
  const advice = [...adviceOnClientId(input.clientId), ...address.advice]
  const endpoints = readEndpoints(input, address.environmentUrl)
  advice.push(...endpoints.advice)
  const tenant = endpoints.parsed?.tenant
  if (tenant === undefined) return advice
  const { environmentUrl } = address
  const directory =
    environmentUrl === undefined ? undefined : await findDirectory(parts, environmentUrl)
  return [...advice, ...adviceOnTenant(input, tenant, directory)]
}

function adviceOnTenant(
  input: ReviewInput,
  tenant: string,
  directory: Discovery | undefined,
): readonly Advice[] {
  const { authorizationEndpoint, tokenEndpoint } = input
  if (directory === undefined) return isSharedTenant(tenant) ? [SHARED] : []
  if (tenant === directory.tenantId) return []
  const moved = moveToTenant(
    { authorization: authorizationEndpoint ?? '', token: tokenEndpoint },
    directory.tenantId,
  )
  const change = {
    tokenEndpoint: moved.token,
    ...(authorizationEndpoint === undefined ? {} : { authorizationEndpoint: moved.authorization }),
  }
  if (isSharedTenant(tenant)) {
    const remedy = `Use the endpoints of the environment's directory, ${directory.tenantId}: both change together. If the app is meant for any organization, leave them.`
    return [{ ...SHARED, remedy, change }]
  }
  if (!/^[0-9a-f-]{36}$/.test(tenant)) return []
  return [foreignTenant(tenant, directory.tenantId, change)]
}

const SHARED: Advice = {
  code: 'AADSTS50194',
  field: 'authorizationEndpoint',
  what: 'A single-tenant app cannot sign in through these endpoints.',
  why: 'They say "common" (or its like), which stands for any organization. Entra ID refuses this with AADSTS50194 for an app made for one organization only, as the guide has it.',
  remedy:
    'Replace that word by your directory (tenant) id in both endpoints; with the CRM address Fairlead finds the id. If the app is meant for any organization, leave them.',
  who: 'you',
  retry: { when: 'never' },
}

function foreignTenant(tenant: string, expected: string, change: Advice['change']): Advice {
  return {
    code: 'tenant_mismatch',
    field: 'tokenEndpoint',
    what: "The endpoints name another directory than the environment's.",
    why: `They name ${tenant}; the environment belongs to ${expected}.`,
    remedy: "Use the endpoints of the environment's directory: both change together.",
    who: 'you',
    retry: { when: 'never' },
    ...(change === undefined ? {} : { change }),
  }
}

function adviceOnClientId(clientId: string | undefined): readonly Advice[] {
  const typed = clientId?.trim() ?? ''
  if (typed === '' || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(typed)) return []
  return [
    {
      code: 'client_id_form',
      field: 'clientId',
      what: 'The Client Id does not look like one of Entra ID.',
      why: 'There it is a GUID, such as 6f9619ff-8b86-d011-b42d-00c04fc964ff.',
      remedy: 'Copy "Application (client) ID" from the Overview page of the app registration.',
      who: 'you',
      retry: { when: 'never' },
    },
  ]
}

interface ReadAddress {
  readonly environmentUrl?: string
  readonly advice: readonly Advice[]
}

function readAddress(address: string | undefined): ReadAddress {
  if (address === undefined || address.trim() === '') return { advice: [] }
  try {
    return { environmentUrl: parseCrmAddress(address).environmentUrl.origin, advice: [] }
  } catch (error) {
    return { advice: [asAdvice(error)] }
  }
}

interface ReadEndpoints {
  readonly parsed?: ParsedEndpoints
  readonly advice: readonly Advice[]
}

function readEndpoints(input: ReviewInput, environmentUrl: string | undefined): ReadEndpoints {
  const { authorizationEndpoint, tokenEndpoint } = input
  try {
    const parsed = parseEndpoints({
      token: tokenEndpoint,
      ...(authorizationEndpoint === undefined ? {} : { authorization: authorizationEndpoint }),
      ...(environmentUrl === undefined ? {} : { environmentUrl }),
    })
    return { parsed, advice: parsed.warnings.map(fromWarning) }
  } catch (error) {
    return { advice: [asAdvice(error)] }
  }
}

function fromWarning({ code, field, message, fix }: ParsedEndpoints['warnings'][number]): Advice {
  const name = FIELDS[field]
  return {
    code,
    what: message,
    why: 'What was pasted differs from what Entra ID expects there.',
    remedy:
      fix === undefined
        ? 'Correct it, or leave it: Fairlead sends the right value.'
        : `Write ${fix}`,
    who: 'you',
    retry: { when: 'never' },
    ...(name === undefined ? {} : { field: name }),
    ...(fix === undefined || name === undefined ? {} : { change: { [name]: fix } }),
  }
}

const FIELDS: Readonly<Record<string, 'authorizationEndpoint' | 'tokenEndpoint'>> = {
  authorization: 'authorizationEndpoint',
  token: 'tokenEndpoint',
}

// Whatever else is thrown is a fault of ours, and no advice.
function asAdvice(error: unknown): Advice {
  if (!(error instanceof OAuthError)) throw error
  const field = error.facts['field']
  const name = typeof field === 'string' ? (FIELDS[field] ?? field) : undefined
  const change = changeIn(error, name)
  return {
    code: error.code,
    ...error.explanation,
    ...(name === undefined ? {} : { field: name }),
    ...(change === undefined ? {} : { change }),
  }
}

function changeIn({ facts }: CodedError, field: string | undefined): Advice['change'] | undefined {
  const { fix } = facts
  if (typeof fix === 'string') {
    return field === 'authorizationEndpoint' || field === 'tokenEndpoint'
      ? { [field]: fix }
      : undefined
  }
  if (typeof fix !== 'object' || fix === null || Array.isArray(fix)) return undefined
  const pair = new Map(Object.entries(fix))
  const authorization = pair.get('authorization')
  const token = pair.get('token')
  return {
    ...(typeof authorization === 'string' ? { authorizationEndpoint: authorization } : {}),
    ...(typeof token === 'string' ? { tokenEndpoint: token } : {}),
  }
}
