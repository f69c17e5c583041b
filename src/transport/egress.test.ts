import assert from 'node:assert/strict'
import { test } from 'node:test'
import { certificatePath } from '../../test/support/local-server.ts'
import { createEgress, type EgressOptions } from './egress.ts'

const route = (address: string, options: Partial<EgressOptions> = {}) =>
  createEgress({ allow: [], ...options }).route(new URL(address))

const isRefused = { code: 'egress_refused' }

test("Microsoft's login and environment hosts are allowed on https", () => {
  for (const host of [
    'login.microsoftonline.com',
    'login.windows.net',
    'login.microsoftonline.us',
    'login.partner.microsoftonline.cn',
    'org1.crm4.dynamics.com',
    'org1.api.crm11.dynamics.com',
    'org1.crm.microsoftdynamics.us',
    'org1.crm.appsplatform.us',
    'org1.crm.dynamics.cn',
  ]) {
    assert.equal(route(`https://${host}/x`).serverName, host)
  }
})

test("names that only look like Microsoft's are refused", () => {
  for (const address of [
    'https://login.microsoftonline.com.evil.example/',
    'https://evil-login.windows.net/',
    'https://org1.crm4.dynamics.com.evil.example/',
    'https://crm4.dynamics.com/',
    'https://a.b.crm4.dynamics.com/',
    'https://org1.operations.dynamics.com/',
    'https://login.windows.net:8443/',
    'http://login.windows.net/',
    'https://user@login.windows.net/',
    'https://20.190.159.4/',
    'https://169.254.169.254/',
  ]) {
    assert.throws(() => route(address), isRefused, address)
  }
})

test('an entry allows exactly its origin', () => {
  const allow = ['https://crm.example.org:443', 'http://127.0.0.1:8080']
  assert.equal(route('https://crm.example.org/x', { allow }).port, 443)
  assert.equal(route('http://127.0.0.1:8080/x', { allow }).port, 8080)
  for (const address of [
    'https://crm.example.org:444/',
    'http://crm.example.org/',
    'https://sub.crm.example.org/',
    'https://127.0.0.1:8080/',
    'http://127.0.0.1/',
  ]) {
    assert.throws(() => route(address, { allow }), isRefused, address)
  }
})

test('a refusal names the entry that would allow the address', () => {
  assert.throws(
    () => route('https://[fd00::5]/secret?token=1'),
    ({ explanation, facts }: { explanation: { remedy: string }; facts: unknown }) => {
      assert.match(explanation.remedy, /: https:\/\/\[fd00::5\]:443$/)
      assert.deepEqual(facts, { origin: 'https://[fd00::5]' })
      return true
    },
  )
})

test('entries that are no origin, or plain http beyond this machine, are refused at the start', () => {
  for (const entry of [
    'crm.example.org',
    '*',
    'https://*.example.org',
    'https://crm.example.org/path',
    'https://user:pw@crm.example.org',
    'ftp://crm.example.org',
    'http://crm.example.org:80',
    'http://10.0.0.1:80',
  ]) {
    assert.throws(() => createEgress({ allow: [entry] }), { code: 'egress_configuration' }, entry)
  }
})

test('the connect map changes where to connect, not what is allowed nor which name is proven', () => {
  const connectTo = { 'login.windows.net:443': '127.0.0.1:8443' }
  const { host, port, serverName } = route('https://login.windows.net/x', { connectTo })
  assert.deepEqual(
    { host, port, serverName },
    {
      host: '127.0.0.1',
      port: 8443,
      serverName: 'login.windows.net',
    },
  )
  const elsewhere = { 'evil.example:443': '127.0.0.1:8443' }
  assert.throws(() => route('https://evil.example/', { connectTo: elsewhere }), isRefused)
})

test('a connect map that is no host:port is refused at the start', () => {
  for (const to of ['127.0.0.1', 'host:0', 'host:99999', 'https://host:1', 'a b:1']) {
    const connectTo = { 'login.windows.net:443': to }
    assert.throws(
      () => createEgress({ allow: [], connectTo }),
      { code: 'egress_configuration' },
      to,
    )
  }
})

test('a proxy takes https, but neither this machine, nor exempt hosts, nor mapped ones', () => {
  const proxy = { https: 'http://proxy.example:3128', noProxy: 'crm.example.org, .internal' }
  const allow = [
    'https://crm.example.org',
    'https://a.internal',
    'https://localhost',
    'http://localhost',
  ]
  const connectTo = { 'sts.windows.net:443': '127.0.0.1:8443' }
  const proxied = (address: string) => route(address, { allow, proxy, connectTo }).proxied
  assert.equal(proxied('https://login.windows.net/'), true)
  assert.equal(proxied('https://sts.windows.net/'), false)
  assert.equal(proxied('https://crm.example.org/'), false)
  assert.equal(proxied('https://a.internal/'), false)
  assert.equal(proxied('https://localhost/'), false)
  assert.equal(proxied('http://localhost/'), false)
  assert.throws(() => route('https://evil.example/', { proxy }), isRefused)
})

test('a CA file must exist and hold a certificate', () => {
  createEgress({ allow: [], caFile: certificatePath('authority') })
  for (const caFile of ['/nowhere/ca.pem', certificatePath('server', true)]) {
    assert.throws(() => createEgress({ allow: [], caFile }), { code: 'egress_configuration' })
  }
})

test("a proxy's password is not part of the error about its address", () => {
  assert.throws(
    () => createEgress({ allow: [], proxy: { https: 'socks5://user:hunter2@proxy:1' } }),
    (error: Error) => !JSON.stringify(error).includes('hunter2'),
  )
})
