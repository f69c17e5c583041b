/** What a plug-in tells with its error, besides code and message. */
export interface FaultDetails {
  readonly operationStatus: number
  readonly subErrorCode: number
  readonly trace: string
}

/** An error answer of the service: status, code and message as its documents give them. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>
  readonly details: FaultDetails | undefined

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
    details?: FaultDetails,
  ) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
    this.details = details
  }
}

/** What the service can do and the sandbox cannot: said, never imitated. */
export function notSupported(what: string): Fault {
  return new Fault(501, 'not_supported_by_sandbox', `The sandbox does not support ${what}.`, {
    'x-sandbox-not-supported': encodeURI(what.slice(0, 200).toWellFormed()),
  })
}

/** A body names another row than the address; no document says which of them counts. */
export function otherId(): Fault {
  return notSupported('another id in the body than in the address')
}

/** A query or an address that cannot be understood. */
export function badQuery(message: string): Fault {
  return new Fault(400, '0x80060888', message)
}

export function unknownProperty(property: string, type: string): Fault {
  return new Fault(
    400,
    '0x0',
    `Could not find a property named '${property}' on type 'Microsoft.Dynamics.CRM.${type}'.`,
  )
}

export function unknownSegment(segment: string): Fault {
  return new Fault(404, '0x8006088a', `Resource not found for the segment '${segment}'.`)
}

export function noResource(address: string): Fault {
  return new Fault(404, '', `No HTTP resource was found that matches the request URI '${address}'.`)
}

export function wrongMethod(method: string): Fault {
  return new Fault(
    405,
    '0x80060888',
    `The requested resource does not support http method '${method}'.`,
  )
}

/** A request body that does not fit the type of its entity set. */
export function badPayload(set: string, inner: string): Fault {
  return new Fault(
    400,
    '0x80048d19',
    `Error identified in Payload provided by the user for Entity :'${set}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : ${inner}`,
  )
}

export function staleVersion(): Fault {
  return new Fault(
    412,
    '0x80060882',
    "The version of the existing record doesn't match the RowVersion property provided.",
  )
}
