import { isObject } from '../../kernel/index.ts'
import { normaliseErrorCode } from '../errors/error-code.ts'

/** Which of the service protection limits. */
export type LimitName = 'serverTime' | 'requests' | 'concurrency'

// https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
const BY_CODE: Readonly<Record<string, LimitName>> = {
  '0x80072321': 'serverTime',
  '0x80072322': 'requests',
  '0x80072326': 'concurrency',
}

/** Which limit a code stands for, in whatever form the code is written; `undefined` if it is another. */
export function limitOfCode(code: unknown): LimitName | undefined {
  const normal = normaliseErrorCode(code)
  return normal === undefined ? undefined : BY_CODE[normal]
}

/** Which limit a refusal's body names. */
export function limitOfBody(text: string): LimitName | undefined {
  try {
    const body: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return isObject(body) && isObject(body['error'])
      ? limitOfCode(body['error']['code'])
      : undefined
  } catch {
    return undefined
  }
}

/** What an answer's headers say of the limits on the web server that answered. */
export interface LimitHints {
  readonly parallelism?: number
  readonly remainingRequests?: number
  /** In ms. */
  readonly remainingServerMs?: number
}

/** Reads the headers about limits; what makes no sense is left out. */
export function readHints(headers: { get(name: string): string | null }): LimitHints {
  const parallelism = positive(headers.get('x-ms-dop-hint'))
  const requests = positive(headers.get('x-ms-ratelimit-burst-remaining-xrm-requests'))
  const seconds = positive(headers.get('x-ms-ratelimit-time-remaining-xrm-requests'))
  return {
    ...(parallelism ? { parallelism } : {}),
    ...(requests === undefined ? {} : { remainingRequests: requests }),
    ...(seconds === undefined ? {} : { remainingServerMs: seconds * 1000 }),
  }
}

// The time comes as 1,200.00.
function positive(text: string | null): number | undefined {
  if (text === null || !/^\d[\d,]{0,12}(\.\d{1,6})?$/.test(text.trim())) return undefined
  return Number(text.replaceAll(',', ''))
}
