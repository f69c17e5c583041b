import { Fault } from '../fault.ts'
import { addressOf } from './address.ts'
import type { Endpoint } from './steps.ts'

/** How sending a webhook went. */
export interface Outcome {
  /** The status of each attempt, or what went wrong before there was one. */
  readonly attempts: readonly (number | string)[]
  readonly failure: Fault | undefined
}

/** What is sent, and within which bounds. */
export interface Post {
  readonly endpoint: Endpoint
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly isAllowed: (hostname: string) => boolean
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

const AGAIN = new Set([502, 503, 504])

/**
 * Sends a webhook: only 2xx is success, and 502, 503 and 504 get one more attempt.
 * https://learn.microsoft.com/power-apps/developer/data-platform/use-webhooks
 */
export async function post(order: Post): Promise<Outcome> {
  const address = addressOf(order.endpoint)
  if (!address) return { attempts: [], failure: badSettings(order.endpoint) }
  if (!order.isAllowed(address.url.hostname)) {
    return {
      attempts: [],
      failure: failed('0x80050205', `The sandbox sends nothing to ${address.url.hostname}.`),
    }
  }
  const headers = { ...address.headers, ...order.headers }
  const first = await attempt(order, address.url, headers)
  const attempts = [first]
  if (typeof first === 'number' && AGAIN.has(first)) {
    attempts.push(await attempt(order, address.url, headers))
  }
  const last = attempts.at(-1) ?? 0
  return { attempts, failure: failureOf(last) }
}

async function attempt(
  { body, timeoutMs, signal }: Post,
  url: URL,
  headers: Readonly<Record<string, string>>,
): Promise<number | string> {
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([timeout, signal]),
    })
    await response.body?.cancel()
    return response.status
  } catch (error) {
    if (timeout.aborted) return 'timeout'
    const { cause } = error instanceof Error ? error : {}
    return cause instanceof Error ? cause.message : String(error)
  }
}

function failureOf(last: number | string): Fault | undefined {
  if (typeof last === 'number') {
    if (last >= 200 && last < 300) return undefined
    return failed(
      '0x80050201',
      'The webhook call failed because the http request received non-success httpStatus code. Please check your webhook request handler.',
    )
  }
  if (last === 'timeout') {
    return failed(
      '0x80050202',
      'The webhook call failed because the Http request timed out at client side. Please check your webhook request handler.',
    )
  }
  return failed(
    '0x80050205',
    'The webhook call failed during http post. Please check the exception for more details.',
  )
}

function badSettings({ authType }: Endpoint): Fault {
  return authType === 5
    ? failed(
        '0x80050203',
        'The webhook call failed because of invalid http headers in authValue. Check if the authValue format, header names and values are valid for your Service Endpoint entity.',
      )
    : failed(
        '0x80050204',
        'The webhook call failed because of invalid http query params in authValue. Check if the authValue format, query parameter names and values are valid for your Service Endpoint entity.',
      )
}

function failed(code: string, message: string): Fault {
  return new Fault(400, code, message)
}
