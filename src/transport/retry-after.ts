import type { AnswerHeaders } from './answer-headers.ts'

/**
 * Reads `Retry-After`, which is seconds or an HTTP date, into ms from now; undefined if it is neither.
 * A date is taken by the server's own clock, where its answer tells that.
 */
export function readRetryAfter(headers: AnswerHeaders, now: number): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? ''
  if (/^\d{1,10}(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  const until = readDate(text)
  if (until === undefined) return undefined
  return Math.max(0, until - (readDate(headers.get('date') ?? '') ?? now))
}

// What Date.parse takes for a date beyond what HTTP does, as "-5", is none.
function readDate(text: string): number | undefined {
  const date = /^[A-Z][a-z]{2,8}[ ,]/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : date
}
