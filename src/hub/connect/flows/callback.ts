import { readAuthorizationResponse } from '../../../oauth/index.ts'
import { ConnectError } from '../connect-error.ts'
import { isToken } from './one-use-token.ts'

/** The state of a callback, if there is one and it has the form of ours. */
export function stateOf(query: URLSearchParams): string | undefined {
  const [state, ...others] = query.getAll('state')
  return state !== undefined && others.length === 0 && isToken(state) ? state : undefined
}

/**
 * The error for a callback that belongs to no flow of this browser: the same whatever is wrong with its
 * state. A refusal is explained all the same, as that tells nothing of ours; but anybody can make such a
 * link, so that its codes are read and none of its words is shown.
 */
export function strayCallback(query: URLSearchParams): unknown {
  const error = query.get('error') ?? ''
  if (!/^[a-z_]{1,60}$/.test(error)) return invalidCallback()
  const codes = (query.get('error_description') ?? '').match(/\bAADSTS\d{4,8}\b/g) ?? []
  try {
    readAuthorizationResponse(new URLSearchParams({ error, error_description: codes.join(' ') }))
  } catch (refused) {
    return refused
  }
  return invalidCallback()
}

function invalidCallback(): ConnectError {
  return new ConnectError('callback_invalid', {
    what: 'This sign-in cannot be finished here.',
    why: 'It was begun more than ten minutes ago, in another browser, or not by this hub, or its end was opened twice.',
    remedy:
      'Go back to the Credential and look whether it is connected; if not, authenticate again.',
  })
}

/**
 * The directory for which an administrator has just consented, by the answer to the admin consent link.
 * It is shown and believed no further.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export function adminConsentOf(query: URLSearchParams): { readonly tenantId?: string } | undefined {
  const granted = query.get('admin_consent')?.toLowerCase() === 'true'
  if (!granted || query.has('error') || query.has('code')) return undefined
  const tenant = query.get('tenant') ?? ''
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(tenant) ? { tenantId: tenant } : {}
}
