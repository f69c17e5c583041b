export { type Clock, systemClock, toTimestamp } from './clock.ts'
export {
  CodedError,
  type ErrorDetails,
  type Explanation,
  isRetryable,
  type Retry,
  saysMore,
  type Who,
} from './coded-error.ts'
export { isObject, type Json, type JsonObject } from './json.ts'
export { createLogger, type LogFields, type Logger, type LogLevel, silentLogger } from './logger.ts'
export { type Random, randomToken, systemRandom } from './random.ts'
export { Secret } from './secret.ts'
