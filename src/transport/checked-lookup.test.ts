import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkedLookup, type Resolve } from './checked-lookup.ts'

const lookUp = (host: string, resolve: Resolve, reach: 'any' | 'public') =>
  new Promise((resolved, rejected) => {
    checkedLookup(resolve, reach)(host, { all: true }, (error, addresses) => {
      if (error) rejected(error)
      else resolved(addresses)
    })
  })

test('a public host that resolves to private addresses is refused without telling them', async () => {
  const resolve = async () => ['10.1.2.3', '::ffff:169.254.169.254']
  await assert.rejects(lookUp('org1.crm4.dynamics.com', resolve, 'public'), (error: Error) => {
    assert.match(JSON.stringify(error), /egress_refused.*metadata.*private/)
    assert.doesNotMatch(JSON.stringify(error), /10\.1\.2\.3/)
    return true
  })
})

test('of mixed addresses only the public ones are handed to the socket', async () => {
  const resolve = async () => ['192.168.0.1', '20.190.159.4', 'fd00::1', '2603:1036::1']
  assert.deepEqual(await lookUp('login.windows.net', resolve, 'public'), [
    { address: '20.190.159.4', family: 4 },
    { address: '2603:1036::1', family: 6 },
  ])
})

test("an operator's host may be private", async () => {
  const found = await lookUp('crm.example.org', async () => ['10.1.2.3'], 'any')
  assert.deepEqual(found, [{ address: '10.1.2.3', family: 4 }])
})

test('loopback names are answered here, whatever the resolver would say', async () => {
  const resolve = () => assert.fail('the resolver was asked')
  const loopback = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]
  assert.deepEqual(await lookUp('localhost', resolve, 'any'), loopback)
  assert.deepEqual(await lookUp('org1.localhost', resolve, 'any'), loopback)
})
