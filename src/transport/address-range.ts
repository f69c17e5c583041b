import { BlockList, isIP, isIPv4 } from 'node:net'

/** What kind of place an IP address is; only `public` is reachable as one of Microsoft's hosts. */
export type AddressRange =
  | 'public'
  | 'loopback'
  | 'private'
  | 'shared'
  | 'link-local'
  | 'metadata'
  | 'multicast'
  | 'reserved'

type Block = readonly [AddressRange, string, number]

// The IANA special-purpose registries (RFC 6890 and its updates), first match wins.
// 168.63.129.16 is public by number, but inside Azure it is the host's own control channel.
const BLOCKS_V4: readonly Block[] = [
  ['metadata', '169.254.169.254', 32],
  ['metadata', '168.63.129.16', 32],
  ['loopback', '127.0.0.0', 8],
  ['private', '10.0.0.0', 8],
  ['private', '172.16.0.0', 12],
  ['private', '192.168.0.0', 16],
  ['shared', '100.64.0.0', 10],
  ['link-local', '169.254.0.0', 16],
  ['multicast', '224.0.0.0', 4],
  ['reserved', '0.0.0.0', 8],
  ['reserved', '192.0.0.0', 24],
  ['reserved', '192.0.2.0', 24],
  ['reserved', '192.88.99.0', 24],
  ['reserved', '198.18.0.0', 15],
  ['reserved', '198.51.100.0', 24],
  ['reserved', '203.0.113.0', 24],
  ['reserved', '240.0.0.0', 4],
]

// Whatever is not global unicast (2000::/3) is not public; inside it these are not either.
const BLOCKS_V6: readonly Block[] = [
  ['metadata', 'fd00:ec2::254', 128],
  ['loopback', '::1', 128],
  ['private', 'fc00::', 7],
  ['private', 'fec0::', 10],
  ['link-local', 'fe80::', 10],
  ['multicast', 'ff00::', 8],
  ['reserved', '2001::', 23],
  ['reserved', '2001:db8::', 32],
  ['reserved', '2002::', 16],
  ['reserved', '3fff::', 20],
  ['public', '2000::', 3],
]

const RANGES_V4 = BLOCKS_V4.map(([range, network, prefix]) => ({
  range,
  list: listOf(network, prefix),
}))
const RANGES_V6 = BLOCKS_V6.map(([range, network, prefix]) => ({
  range,
  list: listOf(network, prefix),
}))

/** Tells what kind of place an IP address literal is; text that is no address is `reserved`. */
export function classifyAddress(address: string): AddressRange {
  const bare = address.split('%', 1)[0] ?? ''
  if (isIPv4(bare)) return classifyV4(bare)
  if (isIP(bare) !== 6) return 'reserved'
  const embedded = embeddedV4(bare)
  if (embedded !== undefined) return classifyV4(embedded)
  return RANGES_V6.find(({ list }) => list.check(bare, 'ipv6'))?.range ?? 'reserved'
}

function classifyV4(address: string): AddressRange {
  return RANGES_V4.find(({ list }) => list.check(address, 'ipv4'))?.range ?? 'public'
}

// ::ffff:0:0/96 is an IPv4 address written as IPv6, and 64:ff9b::/96 reaches one through NAT64
// (RFC 6052): both lead to the IPv4 address, so they are as good or bad as it is.
function embeddedV4(address: string): string | undefined {
  const [, high, low] =
    /^\[(?:::ffff:|64:ff9b::)(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})\]$/.exec(
      new URL(`http://[${address}]`).hostname,
    ) ?? []
  if (low === undefined) return undefined
  const bytes = [high ?? '0', low].map((group) => Number.parseInt(group, 16))
  return bytes.flatMap((group) => [group >> 8, group & 0xff]).join('.')
}

function listOf(network: string, prefix: number): BlockList {
  const list = new BlockList()
  list.addSubnet(network, prefix, isIPv4(network) ? 'ipv4' : 'ipv6')
  return list
}
