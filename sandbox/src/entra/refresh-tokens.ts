import { randomUUID } from 'node:crypto'
import { aadsts } from './aadsts.ts'
import type { EntraContext } from './context.ts'
import { findUser } from './directory.ts'
import type { App, RefreshToken, SignIn } from './model.ts'
import { hashOpaque, mintOpaque } from './opaque.ts'

const DAY = 86_400_000
const INACTIVITY = 90 * DAY
const KEPT = 200 * DAY
const MOST = 20_000

export interface RefreshTokenOrder {
  readonly app: App
  readonly tenantId: string
  readonly signIn: SignIn
  readonly resource?: string
  readonly scopes: readonly string[]
  readonly spa: boolean
  /** The token that this one replaces. */
  readonly former?: RefreshToken
}

/** Makes a refresh token; the former one stays valid, as Entra has it. */
export function mintRefreshToken(context: EntraContext, order: RefreshTokenOrder): string {
  const now = context.clock.now()
  const { value, hash } = mintOpaque('0.A', 180)
  // A single-page application's end is fixed by its first token.
  const spaEndsAt = order.former?.spaEndsAt ?? (order.spa ? now + DAY : undefined)
  if (order.former) order.former.rotated = true
  const { refreshTokens } = context.state
  refreshTokens.push({
    hash,
    family: order.former?.family ?? randomUUID(),
    appId: order.app.appId,
    tenantId: order.tenantId,
    signIn: order.signIn,
    ...(order.resource === undefined ? {} : { resource: order.resource }),
    scopes: order.scopes,
    issuedAt: now,
    ...(spaEndsAt === undefined ? {} : { spaEndsAt }),
    lastUsedAt: now,
    rotated: false,
  })
  if (refreshTokens.length > MOST || now - (refreshTokens[0]?.lastUsedAt ?? now) > KEPT) {
    const kept = refreshTokens.filter((token) => now - token.lastUsedAt <= KEPT)
    context.state.refreshTokens = kept.slice(-MOST)
  }
  context.touch()
  return value
}

/**
 * Takes a refresh token for use by this app.
 * @throws AADSTS9002313 malformed, 70000 unknown or another app's, 50173 revoked, 700082, 700084,
 * 70043, 50057
 */
export function useRefreshToken(context: EntraContext, app: App, value: string): RefreshToken {
  if (!/^0\.A[\w-]{40,}$/.test(value)) throw aadsts(9002313)
  const hash = hashOpaque(value)
  const token = context.state.refreshTokens.find((one) => one.hash === hash)
  if (!token) throw aadsts(70000, { what: "'refresh_token'" })
  if (token.appId !== app.appId) {
    throw aadsts(70000, { what: "'refresh_token'" }, { suberror: 'client_mismatch' })
  }
  refuseRevoked(context, app, token)
  refuseExpired(context, token)
  token.lastUsedAt = context.clock.now()
  context.touch()
  return token
}

/** Revokes every refresh token that the filter takes; returns how many were alive. */
export function revokeRefreshTokens(
  context: EntraContext,
  takes: (token: RefreshToken) => boolean,
): number {
  let revoked = 0
  for (const token of context.state.refreshTokens) {
    if (token.revokedAt !== undefined || !takes(token)) continue
    token.revokedAt = context.clock.now()
    revoked += 1
  }
  context.touch()
  return revoked
}

function refuseRevoked(context: EntraContext, app: App, token: RefreshToken): void {
  const user = findUser(context, token.signIn.userId)
  if (!user) throw aadsts(70000, { what: "'refresh_token'" })
  if (app.strictRefresh && token.rotated) {
    revokeRefreshTokens(context, (one) => one.family === token.family)
    context.count('refresh_token_reuse', app.appId)
  }
  const validFrom = Math.max(user.tokensValidFrom, token.revokedAt ?? 0)
  if (token.revokedAt !== undefined || token.issuedAt < user.tokensValidFrom) {
    throw aadsts(50173, { issued: iso(token.issuedAt), validFrom: iso(validFrom) })
  }
  if (!user.enabled) throw aadsts(50057)
}

function refuseExpired(context: EntraContext, token: RefreshToken): void {
  const now = context.clock.now()
  const issued = iso(token.issuedAt)
  if (token.spaEndsAt !== undefined && now >= token.spaEndsAt) throw aadsts(700084, { issued })
  if (now - token.lastUsedAt >= INACTIVITY) throw aadsts(700082, { issued })
  const every = findUser(context, token.signIn.userId)?.signInFrequencyMs ?? 0
  if (every > 0 && now - token.signIn.at >= every) {
    throw aadsts(70043, { issued, allowed: String(Math.floor(every / 1000)) })
  }
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
