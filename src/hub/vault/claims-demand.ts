import { isObject } from '../../kernel/index.ts'
import { OAuthError } from '../../oauth/index.ts'

// It becomes part of an address, which browsers and servers take only so long.
const LONGEST = 4_096

/**
 * The claims challenge within a failure: what the next sign-in must answer, such as a second factor that
 * Conditional Access demands. One that is cut or no JSON object would only spoil that sign-in.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function claimsDemandOf(error: unknown): string | undefined {
  const claims = error instanceof OAuthError ? error.failure?.claims : undefined
  if (claims === undefined || claims.length > LONGEST) return undefined
  try {
    return isObject(JSON.parse(claims)) ? claims : undefined
  } catch {
    return undefined
  }
}
