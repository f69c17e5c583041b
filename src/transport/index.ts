export { type AddressRange, classifyAddress } from './address-range.ts'
export type { AnswerHeaders } from './answer-headers.ts'
export { readBearerChallenge } from './bearer-challenge.ts'
export type { Resolve } from './checked-lookup.ts'
export { createEgress, type Egress, type EgressOptions, type Route } from './egress.ts'
export { isLoopbackHost, parseAllowedOrigin } from './egress-origin.ts'
export { parseExactJson } from './exact-json.ts'
export {
  chain,
  type HttpRequest,
  type HttpResponse,
  type Policy,
  type Send,
} from './exchange.ts'
export { transportError } from './fault.ts'
export { maskKeys } from './mask-keys.ts'
export {
  CLOUDS,
  type Cloud,
  cloudOfEnvironmentHost,
  cloudOfLoginHost,
  isMicrosoftHost,
} from './microsoft-hosts.ts'
export { withoutQuotes } from './quotation.ts'
export { InvalidJson, type InvalidJsonKind, readJson } from './read-json.ts'
export { requestLog } from './request-log.ts'
export {
  type Attempts,
  backOff,
  type PassingFailure,
  passingFault,
  type Retry,
  type RetryOptions,
  retry,
} from './retry.ts'
export { readRetryAfter } from './retry-after.ts'
export { retryPolicy } from './retry-policy.ts'
export { createSender, type Sender, type SenderOptions } from './sender.ts'
export { TransportError, type TransportErrorCode } from './transport-error.ts'
