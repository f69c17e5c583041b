import { type EndpointWarning, removeParameters } from './endpoint-text.ts'

interface CheckedResource {
  readonly resource?: string
  readonly warnings: readonly EndpointWarning[]
}

/**
 * Looks at the `resource` inside an authorization endpoint. None of its faults stops a sign-in, as
 * Fairlead sends the environment of the Credential; but each shows that something was misunderstood.
 */
export function checkResource(
  authorization: URL,
  protocol: string,
  environmentUrl: string | URL | undefined,
): CheckedResource {
  const pasted = authorization.searchParams.get('resource')
  if (pasted === null) return { warnings: [] }
  if (protocol === 'v2') {
    removeParameters(authorization, ['resource'])
    return { resource: pasted, warnings: [warn('resource_on_v2', V2, authorization.href)] }
  }
  if (/[{}<>]/.test(pasted)) return { warnings: [warn('resource_placeholder', PLACEHOLDER)] }
  const resource = decodeFully(pasted)
  const fixed = new URL(authorization)
  const doubled = resource !== pasted
  if (doubled) fixed.searchParams.set('resource', resource)
  const warnings = doubled ? [warn('resource_double_encoded', DOUBLED, fixed.href)] : []
  return { resource, warnings: [...warnings, ...faultsOf(resource, environmentUrl)] }
}

function faultsOf(
  resource: string,
  environmentUrl: string | URL | undefined,
): readonly EndpointWarning[] {
  const url = URL.parse(resource)
  if (url === null) return []
  if (url.protocol === 'http:' && environmentUrl === undefined) {
    return [warn('resource_insecure', INSECURE)]
  }
  if (url.pathname !== '/' || url.search !== '') return [warn('resource_has_path', WITH_PATH)]
  const wanted = environmentUrl === undefined ? undefined : new URL(environmentUrl).origin
  if (wanted === undefined || wanted === url.origin) return []
  const message = `The resource in the Authorization Endpoint is ${url.origin}, the CRM address is ${wanted}. Fairlead asks for the CRM address.`
  return [warn('resource_differs', message)]
}

function decodeFully(text: string): string {
  let decoded = text
  for (let round = 0; round < 3 && /^https?%/i.test(decoded); round += 1) {
    try {
      decoded = decodeURIComponent(decoded)
    } catch {
      return decoded
    }
  }
  return decoded
}

function warn(code: EndpointWarning['code'], message: string, fix?: string): EndpointWarning {
  return { code, field: 'authorization', message, ...(fix === undefined ? {} : { fix }) }
}

const V2 =
  'Version 2 endpoints take no resource; it was taken out. Fairlead asks for the scope of the CRM address.'
const PLACEHOLDER =
  'The resource in the Authorization Endpoint is still a placeholder. Fairlead sends the CRM address of the Credential in its place.'
const DOUBLED =
  'The resource in the Authorization Endpoint is URL-encoded more than once, which Entra ID does not understand (AADSTS500011). Fairlead sends it encoded once.'
const INSECURE =
  'The resource in the Authorization Endpoint begins with http://; environments are known by https:// (AADSTS500011).'
const WITH_PATH =
  'The resource in the Authorization Endpoint goes on after the host, which a resource must not (AADSTS500011).'
