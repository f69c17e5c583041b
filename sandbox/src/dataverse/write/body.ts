import { badPayload, Fault, notSupported } from '../fault.ts'
import type { Request } from '../request.ts'
import { findFlaw } from './json-text.ts'

export type Body = Readonly<Record<string, unknown>>

/** Beyond that, no payload of the documents nests. */
const MAX_DEPTH = 100
const OTHER_CHARSET = /;\s*charset\s*=\s*"?(?!utf-8"?\s*(?:;|$))/i

/** Reads the JSON object of a request. */
export function readBody(request: Request, set: string): Body {
  checkType(request)
  const parsed = parse(request.exchange.body, set)
  if (!isBody(parsed)) {
    throw badPayload(
      set,
      "Microsoft.OData.ODataException: When trying to read the payload, a node of type 'StartObject' was expected.",
    )
  }
  return parsed
}

export function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function checkType(request: Request): void {
  const { headers } = request.exchange
  const type = headers['content-type'] ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Fault(
      415,
      '',
      `The request entity's media type '${type.split(';')[0]}' is not supported for this resource.`,
    )
  }
  if (OTHER_CHARSET.test(type))
    throw notSupported(`bodies in another encoding than UTF-8 (${type})`)
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') {
    throw notSupported(`compressed bodies (${encoding})`)
  }
}

function parse(bytes: Buffer, set: string): unknown {
  const text = decode(bytes, set)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw invalid(set, `Invalid JSON. ${error instanceof Error ? error.message : ''}`)
  }
  const flaw = findFlaw(text, MAX_DEPTH)
  if (flaw?.kind === 'depth') throw invalid(set, `The payload nests deeper than ${MAX_DEPTH}.`)
  if (flaw?.kind === 'duplicate') {
    throw invalid(
      set,
      `Multiple properties with the name '${flaw.name}' were detected in a resource or a complex value. In OData, duplicate property names are not allowed.`,
    )
  }
  return value
}

/** Bytes that are no UTF-8 would otherwise be kept as question marks. */
function decode(bytes: Buffer, set: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw invalid(set, 'Invalid JSON. The payload is not in UTF-8.')
  }
}

function invalid(set: string, reason: string): Fault {
  return badPayload(set, `Microsoft.OData.ODataException: ${reason}`)
}
