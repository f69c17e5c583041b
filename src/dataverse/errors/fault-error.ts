import type { Json, Retry, Who } from '../../kernel/index.ts'
import { maskKeys } from '../../transport/index.ts'
import { DataverseError, type DataverseErrorCode } from './dataverse-error.ts'
import type { Fault } from './fault.ts'
import { detailsOfFault } from './fault-details.ts'

interface Class {
  readonly why: string
  readonly remedy: string
  readonly who: Who
  readonly retry: Retry
}

const never: Retry = { when: 'never' }
const later: Retry = { when: 'later' }

const CLASSES = {
  bad_request: {
    why: 'Dataverse could not accept the request as it was written.',
    remedy:
      'Compare the names and values in the request with the table’s columns: names are case-sensitive, and every value must fit its column’s type.',
    who: 'you',
    retry: never,
  },
  conflict: {
    why: 'A row with the same key exists, or other rows depend on this one.',
    remedy: 'Find the row that is in the way and change it, or use another key.',
    who: 'you',
    retry: never,
  },
  forbidden: {
    why: 'The signed-in user may not do this in the environment.',
    remedy:
      'Give the user, or the application user, a security role with the privilege that the message names.',
    who: 'crm-administrator',
    retry: never,
  },
  not_found: {
    why: 'Nothing with this address exists in the environment, or the user cannot see it.',
    remedy: 'Check the id or key, and that the entity set name is spelt as the service spells it.',
    who: 'you',
    retry: never,
  },
  not_supported: {
    why: 'Dataverse does not offer this operation on this resource.',
    remedy: 'Use another method or message for it; the table may not support this one.',
    who: 'you',
    retry: never,
  },
  precondition_failed: {
    why: 'The row has changed since it was read, or exists where it must not.',
    remedy: 'Read the row again and decide on what it holds now.',
    who: 'you',
    retry: never,
  },
  server_error: {
    why: 'Dataverse met a fault of its own while it worked on the request.',
    remedy:
      'Try again later; if it stays, give Microsoft’s support the request id and the message.',
    who: 'microsoft',
    retry: later,
  },
  throttled: {
    why: 'The user has used up one of the service protection limits of this environment.',
    remedy: 'Wait as long as the service asks, and send fewer requests at once.',
    who: 'you',
    retry: later,
  },
  too_large: {
    why: 'The request is larger than Dataverse accepts.',
    remedy: 'Send less in one request.',
    who: 'you',
    retry: never,
  },
  unauthorized: {
    why: 'Dataverse did not accept the access token.',
    remedy: 'Reconnect the credential for this environment.',
    who: 'you',
    retry: never,
  },
  unavailable: {
    why: 'Dataverse, or a gateway before it, cannot work on requests at the moment.',
    remedy: 'Try again later.',
    who: 'microsoft',
    retry: later,
  },
  unexpected_answer: {
    why: 'The answer is not one that the Web API gives.',
    remedy:
      'Check that the address is that of a Dataverse environment and that no proxy answers in its place.',
    who: 'operator',
    retry: never,
  },
} satisfies Readonly<Partial<Record<DataverseErrorCode, Class>>>

type FaultCode = keyof typeof CLASSES

// Status and code do not always agree; where a code is unmistakable, it decides.
// https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes
const BY_DATAVERSE_CODE: Readonly<Record<string, FaultCode>> = {
  '0x80040217': 'not_found',
  '0x80060891': 'not_found',
  '0x80040227': 'conflict',
  '0x80040237': 'conflict',
  '0x80040333': 'conflict',
  '0x80044a02': 'too_large',
  '0x80060892': 'conflict',
  '0x80060882': 'precondition_failed',
  '0x80040220': 'forbidden',
  '0x80042f09': 'forbidden',
  '0x80048306': 'forbidden',
  '0x80072560': 'forbidden',
  '0x80072321': 'throttled',
  '0x80072322': 'throttled',
  '0x80072326': 'throttled',
  '0x80044150': 'unavailable',
  '0x80044151': 'unavailable',
}

const BY_STATUS: Readonly<Record<number, FaultCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'not_supported',
  409: 'conflict',
  412: 'precondition_failed',
  413: 'too_large',
  429: 'throttled',
  501: 'not_supported',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
}

/** Names the class of an error answer, by the service's code where that is unmistakable. */
export function classOfFault(fault: Fault): FaultCode {
  const byCode = fault.dataverseCode && BY_DATAVERSE_CODE[fault.dataverseCode]
  if (byCode) return byCode
  const byStatus = BY_STATUS[fault.status]
  if (byStatus !== undefined) return byStatus
  if (fault.status >= 500) return 'server_error'
  return fault.status >= 400 ? 'bad_request' : 'unexpected_answer'
}

/** What an error needs to know of the request that it answers. */
export interface FaultedRequest {
  readonly method: string
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
}

/** Makes the error that tells what an error answer means for one request. */
export function faultError(fault: Fault, request: FaultedRequest): DataverseError {
  const code = meantNotToExist(fault, request) ? 'precondition_failed' : classOfFault(fault)
  const { who, retry, ...words } = CLASSES[code]
  const { why = words.why, remedy = words.remedy, facts } = detailsOfFault(fault)
  const foreign = fault.form === 'html' && fault.status !== 401
  return new DataverseError(code, {
    what: sentence(fault, request),
    why: foreign ? `${why} The answer is a web page, so it may come from a gateway.` : why,
    remedy,
    who,
    retry: withDelay(retry, fault.retryAfterMs),
    status: fault.status,
    ...(fault.dataverseCode === undefined ? {} : { dataverseCode: fault.dataverseCode }),
    ...(fault.requestId === undefined ? {} : { requestId: fault.requestId }),
    facts: { ...factsOf(fault, request), ...facts },
  })
}

// The service gives the failed condition the code of a violated key.
function meantNotToExist({ status }: Fault, { headers }: FaultedRequest): boolean {
  return status === 412 && headers?.['if-none-match'] === '*'
}

/** The path of a request with the values of its keys left out: fit for logs. */
export function resourceOf(url: URL): string {
  return maskKeys(url.pathname.replace(/^.*?\/api\/data\/(v[\d.]+\/)?/, '')).slice(0, 200)
}

function sentence(fault: Fault, { method, url }: { method: string; url: URL }): string {
  const code = fault.dataverseCode === undefined ? '' : `, ${fault.dataverseCode}`
  const said = fault.message ?? fault.innerMessage
  const message = said === undefined ? ' without a message.' : `: “${said}”`
  return `Dataverse answered ${method} ${resourceOf(url)} with ${fault.status}${code}${message}`
}

function factsOf(
  fault: Fault,
  { method, url }: { method: string; url: URL },
): Readonly<Record<string, Json>> {
  return {
    method,
    resource: resourceOf(url),
    host: url.host,
    ...(fault.innerMessage === undefined ? {} : { innerMessage: fault.innerMessage }),
    ...(fault.trace === undefined ? {} : { trace: fault.trace }),
    ...(fault.helpLink === undefined ? {} : { helpLink: fault.helpLink }),
  }
}

function withDelay(retry: Retry, afterMs: number | undefined): Retry {
  return retry.when === 'later' && afterMs !== undefined ? { when: 'later', afterMs } : retry
}
