import { badPayload, Fault } from '../fault.ts'
import type { Request } from '../request.ts'

export type Body = Readonly<Record<string, unknown>>

/** Reads the JSON object of a request. */
export function readBody(request: Request, set: string): Body {
  const { headers, body } = request.exchange
  const type = headers['content-type'] ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Fault(
      415,
      '',
      `The request entity's media type '${type.split(';')[0]}' is not supported for this resource.`,
    )
  }
  const parsed = parse(body.toString('utf8'), set)
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

function parse(text: string, set: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it is no JSON'
    throw badPayload(set, `Microsoft.OData.ODataException: Invalid JSON. ${reason}`)
  }
}
