import { z } from 'zod'
import type { FlowResult } from '../../hub/connect/index.ts'
import { explanation, jsonObject } from '../contract/values.ts'
import { readCookie } from '../server/session-cookie.ts'

const failure = explanation.extend({
  facts: jsonObject,
  change: z.object({ authorizationEndpoint: z.string(), tokenEndpoint: z.string() }).optional(),
})

const identity = z.object({
  tenantId: z.string().optional(),
  organizationId: z.string(),
  userId: z.string(),
  userPrincipalName: z.string().optional(),
  fullName: z.string().optional(),
})

const known = { flowId: z.string(), credentialId: z.string() }

const result = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('connected'), ...known, identity: identity.optional() }),
  z.object({ outcome: z.literal('unfinished'), ...known }),
  z.object({ outcome: z.literal('consented'), tenantId: z.string().optional() }),
  z.object({
    outcome: z.literal('failed'),
    flowId: z.string().optional(),
    credentialId: z.string().optional(),
    failure,
  }),
])

/** How a sign-in ended, as its page shows it. */
export type ResultView = z.output<typeof result>

const MAX_AGE_SECONDS = 600
// Browsers keep 4,096 bytes of a cookie, its name and attributes among them.
const LONGEST = 3_700

/**
 * Keeps a result with the browser that it belongs to, for ten minutes, so that the address of its page
 * holds nothing of it and any process of the hub can show it. It holds no secret and is believed only as
 * far as showing goes.
 */
export function keepResult(id: string, ended: FlowResult, secure: boolean): string {
  const whole = encode(ended)
  const short =
    ended.outcome === 'failed' ? { ...ended, failure: { ...ended.failure, facts: {} } } : ended
  const value = whole.length <= LONGEST ? whole : encode(short)
  // It goes back to its own page only: links that anybody can send must not fill every request with such.
  const path = `/callback/oauth2/result/${id}`
  const attributes = `Max-Age=${MAX_AGE_SECONDS}; Path=${path}; HttpOnly; SameSite=Lax`
  return `${nameOf(id, secure)}=${value}; ${attributes}${secure ? '; Secure' : ''}`
}

/** Reads a kept result; nothing when it is not there any more. */
export function readResult(
  id: string,
  header: string | undefined,
  secure: boolean,
): ResultView | undefined {
  const value = readCookie(header, nameOf(id, secure))
  if (value === undefined) return undefined
  return result.safeParse(decode(value)).data
}

function nameOf(id: string, secure: boolean): string {
  return `${secure ? '__Secure-' : ''}fairlead_result_${id}`
}

function encode(ended: FlowResult): string {
  return Buffer.from(JSON.stringify(result.parse(ended))).toString('base64url')
}

function decode(value: string): unknown {
  try {
    return JSON.parse(Buffer.from(value, 'base64url').toString())
  } catch {
    return undefined
  }
}
