import type { JsonObject } from '../json-input.ts'

/** One call below `/organizations/{uniqueName}`. */
export interface OrganizationCall {
  readonly method: string
  /** What follows the unique name, decoded. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  /** Reads the body, which must be a JSON object. */
  body(): JsonObject
}
