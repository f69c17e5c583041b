import { CodedError } from '../kernel/index.ts'

/** Why a request got no usable answer. */
export type TransportErrorCode =
  | 'aborted'
  | 'body_incomplete'
  | 'body_too_large'
  | 'connection_refused'
  | 'connection_lost'
  | 'dns_failed'
  | 'egress_configuration'
  | 'egress_refused'
  | 'redirect_refused'
  | 'response_malformed'
  | 'timeout'
  | 'tls_failed'

/** A request that got no usable answer; an answer with an error status is not one of these. */
export class TransportError extends CodedError<TransportErrorCode> {}
