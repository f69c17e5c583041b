import { badPayload, badQuery, Fault } from '../fault.ts'

// The words are those of the open OData library that the service is built on; its documents give the
// limits and the two texts of `unreadable` and `unknownReference` only.

/** The whole batch is refused by its own headers, before anything in it is read. */
export function badEnvelope(message: string): Fault {
  return new Fault(400, '', message)
}

export function badHeader(line: string): Fault {
  return badQuery(
    `The message header '${line}' is invalid. The header value must be of the format '<header name>: <header value>'.`,
  )
}

export function doubleHeader(name: string): Fault {
  return badQuery(
    `The header '${name}' was specified multiple times. Each header must appear only once in a batch part.`,
  )
}

export function endsTooSoon(): Fault {
  return badQuery('Encountered an unexpected end of input while reading the batch payload.')
}

export function missingType(): Fault {
  return badQuery(
    "The 'Content-Type' header is missing. The 'Content-Type' header must be specified for each MIME part of a batch message.",
  )
}

export function wrongType(type: string): Fault {
  return badQuery(
    `The 'Content-Type' header value '${type}' is invalid. When this is the start of the change set, the value must be 'multipart/mixed'; otherwise it must be 'application/http'.`,
  )
}

export function wrongEncoding(): Fault {
  return badQuery(
    "A missing or invalid 'Content-Transfer-Encoding' header was found. The 'Content-Transfer-Encoding' header must be specified for each batch operation, and its value must be 'binary'.",
  )
}

export function nestedChangeSet(): Fault {
  return badQuery('Nested change sets in a batch payload are not supported.')
}

export function nestedBatch(): Fault {
  return badQuery('A batch request cannot contain other batch requests.')
}

export function badRequestLine(line: string): Fault {
  return badQuery(
    `The request line '${line}' is invalid. The request line at the start of each operation must be of the format 'HttpMethod RequestUrl HttpVersion'.`,
  )
}

export function badHttpVersion(version: string): Fault {
  return badQuery(
    `The HTTP version '${version}' used in a batch operation request or response is not valid. The value must be 'HTTP/1.1'.`,
  )
}

export function badLength(value: string): Fault {
  return badQuery(
    `The content length header '${value}' is not valid. The content length header must be a valid Int32 literal and must be greater than or equal to 0.`,
  )
}

export function notInChangeSet(method: string): Fault {
  return badQuery(
    `An invalid HTTP method '${method}' was detected for a request in a change set. Requests in change sets only support the HTTP methods 'POST', 'PUT', 'DELETE', and 'PATCH'.`,
  )
}

export function missingContentId(): Fault {
  return badQuery(
    "The header with name 'Content-ID' was not present in the header collection of the batch operation.",
  )
}

export function doubleContentId(id: string): Fault {
  return badQuery(
    `The content ID '${id}' was found more than once in the same change set. Content IDs have to be unique across all operations of a change set.`,
  )
}

export function tooManyRequests(most: number): Fault {
  return badQuery(
    `The current batch message contains too many parts. A maximum number of '${most}' query operations and change sets are allowed in a batch message.`,
  )
}

/** What becomes of the last request when the lines of a batch do not end as they must. */
export function unreadable(set: string): Fault {
  return badPayload(set, 'System.ArgumentException: Stream was not readable.')
}

/** A reference to a request that does not come before this one in its change set. */
export function unknownReference(reference: string): Fault {
  return badQuery(`Content-ID Reference: '${reference}' does not exist in the batch context.`)
}
