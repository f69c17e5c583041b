import type { Endpoints } from './endpoints.ts'
import type { GrantRequest } from './oauth-client.ts'

type Target = Pick<GrantRequest, 'endpoints' | 'resource' | 'scope'>

/**
 * What tells the server which access is wanted: v1's `resource`, or a `scope`. Authorization and token
 * request must say the same, so both take it from here.
 */
export function targetOf(
  target: Target,
  grant: 'delegated' | 'app',
): { readonly resource?: string; readonly scope?: string } {
  const { endpoints, resource, scope } = target
  if (endpoints.protocol === 'v1') return { resource: resourceOf(endpoints, resource) }
  if (scope !== undefined && scope !== '') return { scope }
  if (endpoints.protocol === 'generic') return {}
  const base = resource.replace(/\/+$/, '')
  if (grant === 'app') return { scope: `${base}/.default` }
  return { scope: `${base}/user_impersonation offline_access openid profile` }
}

// A pasted resource that means the same environment goes out as it was pasted: with its slash or without.
function resourceOf({ resource: pasted }: Endpoints, wanted: string): string {
  if (pasted === undefined) return wanted
  const bare = (text: string) => text.replace(/\/+$/, '').toLowerCase()
  return bare(pasted) === bare(wanted) ? pasted : wanted
}
