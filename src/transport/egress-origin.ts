import { isIP } from 'node:net'
import { classifyAddress } from './address-range.ts'
import { TransportError } from './transport-error.ts'

/** Tells whether a host name can only mean this machine (RFC 6761: `localhost` and all below it). */
export function isLoopbackHost(host: string): boolean {
  const name = unbracket(host).toLowerCase()
  if (isIP(name) !== 0) return classifyAddress(name) === 'loopback'
  return name === 'localhost' || name.endsWith('.localhost')
}

/** `[::1]` as URLs write it becomes `::1` as sockets want it. */
export function unbracket(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
}

/** The port a URL leads to, also when it is the scheme's own. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'http:' ? 80 : 443
}

/**
 * Reads an operator's entry `scheme://host:port`.
 *
 * @throws TransportError `egress_configuration`
 */
export function parseAllowedOrigin(entry: string): string {
  const url = URL.parse(entry)
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname.includes('*')) {
    throw badEntry(entry, 'It is not an address of the form scheme://host:port.')
  }
  if (url.username !== '' || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw badEntry(entry, 'It holds more than scheme, host and port.')
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw badEntry(entry, 'Plain http would send tokens in clear over the network.')
  }
  return url.origin
}

/**
 * Reads a connect map's target `host:port`.
 *
 * @throws TransportError `egress_configuration`
 */
export function parseHostPort(text: string): { readonly host: string; readonly port: number } {
  const url = /^[^/?#@\\\s]+:\d{1,5}$/.test(text) ? URL.parse(`tcp://${text}`) : null
  const port = Number(/:(\d+)$/.exec(text)?.[1])
  if (url === null || url.hostname === '' || port < 1 || port > 65_535) {
    throw egressConfiguration(
      'connectTo',
      text,
      'It is not of the form host:port.',
      'Write the entry as host:port=host:port, for example login.windows.net:443=127.0.0.1:8443.',
    )
  }
  return { host: unbracket(url.hostname).toLowerCase(), port }
}

export function egressConfiguration(
  setting: string,
  value: string,
  why: string,
  remedy: string,
  cause?: unknown,
): TransportError {
  return new TransportError('egress_configuration', {
    what: `The network setting "${setting}" cannot be used.`,
    why,
    remedy,
    who: 'operator',
    facts: { setting, value },
    ...(cause === undefined ? {} : { cause }),
  })
}

function badEntry(entry: string, why: string): TransportError {
  return egressConfiguration(
    'allow',
    withoutCredentials(entry),
    why,
    'Write one origin an entry, for example https://crm.example.org:443; http is for this machine only, for example http://127.0.0.1:8080.',
  )
}

function withoutCredentials(entry: string): string {
  return entry.replace(/\/\/[^/@]*@/, '//')
}
