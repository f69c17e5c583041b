import { CodedError } from '../../kernel/index.ts'

/** What can be wrong with a call before the hub looks at what it asks. Stable. */
export type HttpErrorCode =
  | 'body_too_large'
  | 'body_unreadable'
  | 'host_refused'
  | 'listen_failed'
  | 'long_bodies_busy'
  | 'media_type_unsupported'
  | 'not_found'
  | 'origin_refused'
  | 'port_in_use'
  | 'request_invalid'
  | 'request_too_slow'
  | 'result_too_large'

/** A call that cannot be answered as it is. */
export class HttpError extends CodedError<HttpErrorCode> {}

/** The error of an address that leads nowhere, or to nothing yet. */
export function notFound(why = 'The address or the method is none of this hub.'): HttpError {
  return new HttpError('not_found', {
    what: 'There is nothing at this address.',
    why,
    remedy: 'See /docs for every address of the API.',
  })
}
