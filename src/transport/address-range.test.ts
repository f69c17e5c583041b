import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { classifyAddress } from './address-range.ts'

const SAMPLES: Readonly<Record<string, string>> = {
  '20.190.159.4': 'public',
  '2603:1036:3000::1': 'public',
  '127.0.0.1': 'loopback',
  '::1': 'loopback',
  '10.255.0.1': 'private',
  '172.16.0.1': 'private',
  '172.32.0.1': 'public',
  '192.168.1.1': 'private',
  'fd12:3456::1': 'private',
  '100.64.0.1': 'shared',
  '100.128.0.1': 'public',
  '169.254.1.1': 'link-local',
  'fe80::1%eth0': 'link-local',
  '169.254.169.254': 'metadata',
  '168.63.129.16': 'metadata',
  'fd00:ec2::254': 'metadata',
  '224.0.0.1': 'multicast',
  'ff02::1': 'multicast',
  '0.0.0.0': 'reserved',
  '::': 'reserved',
  '255.255.255.255': 'reserved',
  '2001:db8::1': 'reserved',
  '2002:7f00:1::1': 'reserved',
  '::ffff:169.254.169.254': 'metadata',
  '::ffff:7f00:1': 'loopback',
  '64:ff9b::10.0.0.1': 'private',
  '64:ff9b::20.190.159.4': 'public',
  'not an address': 'reserved',
  '': 'reserved',
}

test('addresses are told apart by the registries of special addresses', () => {
  const found = Object.keys(SAMPLES).map((address) => [address, classifyAddress(address)])
  assert.deepEqual(Object.fromEntries(found), SAMPLES)
})

test('an IPv4 address written as IPv6 is as public as it is itself, in every spelling', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
      const high = (a * 256 + b).toString(16)
      const low = (c * 256 + d).toString(16)
      const spellings = [
        `::ffff:${address}`,
        `::FFFF:${high}:${low}`,
        `0:0:0:0:0:ffff:${high.padStart(4, '0')}:${low}`,
        `0000::ffff:${address}`,
      ]
      const expected = classifyAddress(address)
      for (const each of spellings) assert.equal(classifyAddress(each), expected, each)
    }),
    { numRuns: 300 },
  )
})

test('no IPv4 address of a private block is ever public', () => {
  const inside = fc.oneof(
    fc.tuple(fc.constant(10), byte(), byte(), byte()),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte(), byte()),
    fc.tuple(fc.constant(192), fc.constant(168), byte(), byte()),
    fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte(), byte()),
    fc.tuple(fc.constant(169), fc.constant(254), byte(), byte()),
    fc.tuple(fc.constantFrom(0, 127), byte(), byte(), byte()),
    fc.tuple(fc.integer({ min: 224, max: 255 }), byte(), byte(), byte()),
  )
  fc.assert(
    fc.property(inside, (bytes) => assert.notEqual(classifyAddress(bytes.join('.')), 'public')),
    { numRuns: 300 },
  )
})

test('an IPv6 address outside 2000::/3 is never public, unless an IPv4 address hides in it', () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const first = Number.parseInt(address.split(':', 1)[0] || '0', 16)
      fc.pre(first >> 13 !== 1 && !/^(0{0,4}:){1,6}|^64:ff9b/i.test(address))
      assert.notEqual(classifyAddress(address), 'public')
    }),
    { numRuns: 300 },
  )
})

function byte() {
  return fc.integer({ min: 0, max: 255 })
}
