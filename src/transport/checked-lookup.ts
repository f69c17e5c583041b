import { lookup } from 'node:dns/promises'
import { isIPv6, type LookupFunction } from 'node:net'
import { classifyAddress } from './address-range.ts'
import { isLoopbackHost } from './egress-origin.ts'
import { TransportError } from './transport-error.ts'

/** Resolves a host name to its addresses. */
export type Resolve = (host: string) => Promise<readonly string[]>

/** The system's resolver. */
export const systemResolve: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address)

/**
 * A lookup for sockets that hands out only addresses it has checked. As the socket connects to what this
 * answers and asks nobody else, a name that resolves differently the second time (DNS rebinding) gains
 * nothing. Loopback names never reach the resolver.
 */
export function checkedLookup(resolve: Resolve, reach: 'any' | 'public'): LookupFunction {
  return (host, options, callback) => {
    const fail = (error: Error) => callback(error, '', 0)
    addressesOf(host, resolve, reach).then((addresses) => {
      const [first] = addresses
      if (first === undefined) return fail(refusedAddress(host, []))
      if (options.all) return callback(null, [...addresses])
      return callback(null, first.address, first.family)
    }, fail)
  }
}

async function addressesOf(host: string, resolve: Resolve, reach: 'any' | 'public') {
  const found = isLoopbackHost(host) ? ['127.0.0.1', '::1'] : await resolve(host)
  const permitted = found.filter(
    (address) => reach === 'any' || classifyAddress(address) === 'public',
  )
  if (permitted.length === 0) throw refusedAddress(host, found)
  return permitted.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }))
}

// The address itself is not told: it would let a caller map the inside of the network.
function refusedAddress(host: string, found: readonly string[]): TransportError {
  const ranges = [...new Set(found.map(classifyAddress))].sort()
  return new TransportError('egress_refused', {
    what: `${host} does not lead to a public address, so Fairlead does not connect to it.`,
    why: `A Microsoft host has public addresses; the name service answered with ${ranges.join(', ') || 'none'}.`,
    remedy: `If the network really reaches ${host} through a private address, the operator adds this entry to the allowed origins: https://${host}:443`,
    who: 'operator',
    facts: { host, ranges },
  })
}
