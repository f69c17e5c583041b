import { AccessError } from './access-error.ts'

/** What a caller may do; each scope of the list holds the ones before it. */
export const SCOPES = ['read', 'run', 'manage', 'admin'] as const

export type Scope = (typeof SCOPES)[number]

/** Who is calling, and where they belong. */
export interface Principal {
  readonly kind: 'user' | 'key'
  readonly id: string
  readonly name: string
  readonly workspaceId: string
  readonly scopes: readonly Scope[]
  /** When the session or key ends, ms. */
  readonly expiresAt: number
}

/** Tells whether a principal has a scope, by itself or within a larger one. */
export function allows(principal: Pick<Principal, 'scopes'>, scope: Scope): boolean {
  return principal.scopes.some((held) => SCOPES.indexOf(held) >= SCOPES.indexOf(scope))
}

/** Refuses a principal without a scope. @throws AccessError `scope_missing` */
export function demand(principal: Principal, scope: Scope): void {
  if (allows(principal, scope)) return
  throw new AccessError('scope_missing', {
    what: `This needs the scope "${scope}".`,
    why: `The ${principal.kind === 'key' ? 'API key' : 'user'} "${principal.name}" has only: ${principal.scopes.join(', ')}.`,
    remedy: `Use an API key with the scope "${scope}", or sign in as a user who has it.`,
    facts: { scope, scopes: principal.scopes },
  })
}

/** Reads stored scopes; what this version does not know gives no right. */
export function readScopes(stored: readonly string[]): readonly Scope[] {
  return SCOPES.filter((scope) => stored.includes(scope))
}
