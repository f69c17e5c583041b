import type { ErrorDetails, Json } from '../kernel/index.ts'
import { TransportError, type TransportErrorCode } from './transport-error.ts'

type Details = Omit<ErrorDetails, 'facts' | 'cause'>

/**
 * Names the failure of one exchange with `host`. What is no failure of the network (a mistake in the
 * request) is given back as it is.
 */
export function asTransportError(
  error: unknown,
  host: string,
  facts: Readonly<Record<string, Json>> = {},
): unknown {
  if (error instanceof TransportError) return error
  const causes = causesOf(error)
  const known = causes.find((cause) => cause instanceof TransportError)
  if (known !== undefined) return known
  for (const cause of causes) {
    const systemCode = codeOf(cause)
    const code = systemCode === undefined ? undefined : classify(systemCode)
    if (code !== undefined && systemCode !== undefined) {
      return transportError(code, host, { ...facts, systemCode }, error)
    }
  }
  return error
}

/** Makes the error of a code with the words that go with it. */
export function transportError(
  code: keyof typeof WORDS,
  host: string,
  facts: Readonly<Record<string, Json>> = {},
  cause?: unknown,
): TransportError {
  const details = WORDS[code](host)
  return new TransportError(code, {
    ...details,
    facts: { host, ...facts },
    ...(cause === undefined ? {} : { cause }),
  })
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  if (typeof error.code === 'string') return error.code
  return error.name === 'HTTPParserError' ? 'HPE_UNKNOWN' : undefined
}

function causesOf(error: unknown): readonly unknown[] {
  const found: unknown[] = []
  for (let next = error; next instanceof Error && found.length < 8; next = next.cause) {
    found.push(next, ...(next instanceof AggregateError ? next.errors : []))
  }
  return found
}

type Network = Exclude<
  TransportErrorCode,
  'egress_configuration' | 'egress_refused' | 'redirect_refused'
>

function classify(code: string): Network | undefined {
  if (/^(ENOTFOUND|EAI_|ENODATA|ESERVFAIL|EREFUSED)/.test(code)) return 'dns_failed'
  if (
    /^(ECONNREFUSED|EHOST(UNREACH|DOWN)|ENET(UNREACH|DOWN)|EADDRNOTAVAIL|EACCES|EPERM)$/.test(code)
  ) {
    return 'connection_refused'
  }
  if (/^(UND_ERR_PRX_|UND_ERR_ABORTED$)/.test(code)) return 'connection_refused'
  if (/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT)$/.test(code)) return 'timeout'
  if (
    /^(ECONNRESET|ENETRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_DESTROYED|UND_ERR_CLOSED)$/.test(
      code,
    )
  ) {
    return 'connection_lost'
  }
  if (/^(HPE_|UND_ERR_HEADERS_OVERFLOW|ERR_INVALID_CHAR)/.test(code)) return 'response_malformed'
  if (
    /^(CERT_|CRL_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|EPROTO|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE))/.test(
      code,
    )
  ) {
    return 'tls_failed'
  }
  return undefined
}

const WORDS: Readonly<Record<Network, (host: string) => Details>> = {
  aborted: (host) => ({
    what: `The request to ${host} was called off.`,
    why: 'Whoever asked for it stopped it, or Fairlead is shutting down.',
    remedy: 'Make the request again if it is still wanted.',
    who: 'you',
    retry: { when: 'later' },
  }),
  body_incomplete: (host) => ({
    what: `The answer of ${host} broke off before its end.`,
    why: 'Fewer bytes arrived than were announced, or the compressed data ended early.',
    remedy:
      'Make the request again. If it happens often, look at proxies and firewalls on the way.',
    who: 'operator',
    retry: { when: 'later' },
  }),
  body_too_large: (host) => ({
    what: `The answer of ${host} is larger than Fairlead accepts here.`,
    why: 'Every answer has a limit, so that no server can fill the memory.',
    remedy: 'Ask for less at a time, for example fewer columns or a smaller page.',
    who: 'you',
    retry: { when: 'never' },
  }),
  connection_refused: (host) => ({
    what: `No connection to ${host} came about.`,
    why: 'Nothing accepts connections there, or a firewall or proxy on the way forbids it.',
    remedy: 'Check host and port of the address, and whether this machine may reach it.',
    who: 'operator',
    retry: { when: 'later' },
  }),
  connection_lost: (host) => ({
    what: `The connection to ${host} was lost before an answer came.`,
    why: 'The other side, or something on the way, closed it.',
    remedy:
      'Make the request again. If it happens often, look at proxies and firewalls on the way.',
    who: 'operator',
    retry: { when: 'later' },
  }),
  dns_failed: (host) => ({
    what: `The host name ${host} could not be resolved.`,
    why: 'The name does not exist, or the name service cannot be reached.',
    remedy:
      'Check the spelling of the address. If it is right, check the name service of this machine.',
    who: 'you',
    retry: { when: 'later' },
  }),
  response_malformed: (host) => ({
    what: `${host} answered with something that is not proper HTTP.`,
    why: 'Another kind of service listens there, or its headers are too large.',
    remedy: 'Check scheme, host and port of the address.',
    who: 'you',
    retry: { when: 'never' },
  }),
  timeout: (host) => ({
    what: `${host} did not answer in time.`,
    why: 'It is slow or hangs, or a firewall silently drops the connection.',
    remedy:
      'Make the request again later. If nothing ever answers, check the address and the network.',
    who: 'operator',
    retry: { when: 'later' },
  }),
  tls_failed: (host) => ({
    what: `No secure connection to ${host} could be made.`,
    why: 'Its certificate is not trusted, has expired, or is for another name; or it does not speak TLS.',
    remedy:
      'Check the address. If a company proxy or a private authority issues the certificate, the operator adds its certificate by the CA file setting.',
    who: 'operator',
    retry: { when: 'never' },
  }),
}
