import { readFileSync } from 'node:fs'
import type { LookupFunction } from 'node:net'
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import { checkedLookup, type Resolve, systemResolve } from './checked-lookup.ts'
import {
  egressConfiguration,
  isLoopbackHost,
  parseAllowedOrigin,
  parseHostPort,
  portOf,
  unbracket,
} from './egress-origin.ts'
import { isMicrosoftHost } from './microsoft-hosts.ts'
import { bypassesProxy } from './no-proxy.ts'
import { TransportError } from './transport-error.ts'

/** What the operator permits, and how the network is reached. */
export interface EgressOptions {
  /** The operator's entries, each `scheme://host:port`; each permits exactly that origin. */
  readonly allow: readonly string[]
  /**
   * Origins of a platform that this process is a part of, as the platform itself names them: its own
   * network, so that plain http is taken too. Never what a user wrote.
   */
  readonly surroundings?: readonly string[]
  /** `host:port` to `host:port`: where to connect instead. TLS still wants the first host's name. */
  readonly connectTo?: Readonly<Record<string, string>>
  /** A PEM file of certificate authorities trusted besides the system's. */
  readonly caFile?: string
  /** A proxy for https. It resolves names itself, so that hosts are then checked by name only. */
  readonly proxy?: { readonly https?: string; readonly noProxy?: string }
  /** Resolves a name to its addresses; the system's resolver by default. */
  readonly lookup?: Resolve
}

/** Where and how a permitted request is connected. */
export interface Route {
  readonly host: string
  readonly port: number
  /** The name that the server's certificate must bear. */
  readonly serverName: string
  readonly lookup: LookupFunction
  readonly proxied: boolean
}

/** Decides which addresses Fairlead may reach. */
export interface Egress {
  /** @throws TransportError `egress_refused` */
  route(url: URL): Route
  readonly secureContext: SecureContext
  readonly proxyUrl?: string
}

/**
 * Builds the guard around everything that leaves the process.
 *
 * An operator's entry permits its origin, private addresses included. Microsoft's login and environment
 * hosts are permitted on https when they resolve to public addresses. A name is resolved once, and the
 * connection goes to the very address that was checked.
 *
 * @throws TransportError `egress_configuration`
 */
export function createEgress(options: EgressOptions): Egress {
  const allowed = new Set([
    ...options.allow.map(parseAllowedOrigin),
    ...(options.surroundings ?? []),
  ])
  const detours = readDetours(options.connectTo ?? {})
  const proxyUrl = readProxy(options.proxy?.https)
  const resolve = options.lookup ?? systemResolve
  const route = (url: URL): Route => {
    const permission = permissionOf(url, allowed)
    if (permission === undefined) throw refused(url)
    const serverName = unbracket(url.hostname)
    const port = portOf(url)
    const detour = detours.get(`${serverName}:${port}`)
    // Where the operator sends a connection is the operator's word: only the name was to be checked.
    const reach = detour ? 'any' : permission
    const proxied =
      proxyUrl !== undefined &&
      detour === undefined &&
      url.protocol === 'https:' &&
      !isLoopbackHost(serverName) &&
      !bypassesProxy(options.proxy?.noProxy ?? '', serverName, port)
    const place = detour ?? { host: serverName, port }
    return { ...place, serverName, lookup: checkedLookup(resolve, reach), proxied }
  }
  const secureContext = readTrust(options.caFile)
  return { route, secureContext, ...(proxyUrl === undefined ? {} : { proxyUrl }) }
}

function permissionOf(url: URL, allowed: ReadonlySet<string>): 'any' | 'public' | undefined {
  if (url.username !== '' || url.password !== '') return undefined
  if (allowed.has(url.origin)) return 'any'
  const microsoft = url.protocol === 'https:' && url.port === '' && isMicrosoftHost(url.hostname)
  return microsoft ? 'public' : undefined
}

function refused(url: URL): TransportError {
  const possible =
    url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))
  return new TransportError('egress_refused', {
    what: `Fairlead is not allowed to connect to ${url.protocol}//${url.host}.`,
    why: "It is neither one of Microsoft's login or environment hosts on https, nor an origin that the operator has allowed.",
    remedy: possible
      ? `If this address is right, the operator adds this entry to the allowed origins: ${url.protocol}//${url.hostname}:${portOf(url)}`
      : 'Use the https address. Plain http is possible on this machine only.',
    who: possible ? 'operator' : 'you',
    facts: { origin: `${url.protocol}//${url.host}` },
  })
}

function readDetours(connectTo: Readonly<Record<string, string>>) {
  return new Map(
    Object.entries(connectTo).map(([from, to]) => {
      const { host, port } = parseHostPort(from)
      return [`${host}:${port}`, parseHostPort(to)] as const
    }),
  )
}

function readProxy(text: string | undefined): string | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const url = URL.parse(text.includes('://') ? text : `http://${text}`)
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href
  throw egressConfiguration(
    'proxy',
    '(not shown: it may hold a password)',
    'It is not the address of an http or https proxy.',
    'Write it as http://host:port.',
  )
}

function readTrust(caFile: string | undefined): SecureContext {
  if (caFile === undefined) return createSecureContext()
  try {
    const pem = readFileSync(caFile, 'utf8')
    if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw new Error('no certificate')
    return createSecureContext({ ca: [...getCACertificates('default'), pem] })
  } catch (cause) {
    throw egressConfiguration(
      'caFile',
      caFile,
      'The file is missing, not readable, or holds no PEM certificate.',
      'Name a file that holds one or more blocks "-----BEGIN CERTIFICATE-----".',
      cause,
    )
  }
}
