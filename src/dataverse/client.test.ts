import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countedTokens, startDataverseServer } from '../../test/support/dataverse-server.ts'
import { eagerClock } from '../../test/support/eager-clock.ts'
import { InvalidJson, TransportError } from '../transport/index.ts'
import { DataverseError } from './errors/dataverse-error.ts'
import { where } from './query/filter.ts'

const USER = '11111111-aaaa-bbbb-cccc-000000000001'
const CONTEXT = '$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse'

const code = (expected: string) => (error: unknown) =>
  error instanceof DataverseError && error.code === expected

test('WhoAmI gives the three ids, and the request carries what the Web API asks for', async (t) => {
  const server = await startDataverseServer(t, () => ({
    body: {
      '@odata.context': CONTEXT,
      BusinessUnitId: USER.toUpperCase(),
      UserId: USER,
      OrganizationId: USER,
    },
  }))
  const who = await server.client().whoAmI()
  assert.deepEqual(who, { userId: USER, businessUnitId: USER, organizationId: USER })
  const [request] = server.requests
  assert.equal(request?.path, '/api/data/v9.2/WhoAmI')
  assert.equal(request?.headers['authorization'], 'Bearer token-1')
  assert.equal(request?.headers['odata-version'], '4.0')
  assert.equal(request?.headers['odata-maxversion'], '4.0')
  assert.equal(request?.headers['accept'], 'application/json')
})

test('the organization’s detail is read', async (t) => {
  const server = await startDataverseServer(t, () => ({
    body: {
      Detail: {
        OrganizationId: USER,
        FriendlyName: 'Org',
        OrganizationVersion: '9.2.1',
        TenantId: 't',
      },
    },
  }))
  assert.deepEqual(await server.client().organization(), {
    id: USER,
    name: 'Org',
    version: '9.2.1',
    tenantId: 't',
  })
  assert.equal(
    decodeURIComponent(server.requests[0]?.path ?? ''),
    "/api/data/v9.2/RetrieveCurrentOrganization(AccessType=Microsoft.Dynamics.CRM.EndpointAccessType'Default')",
  )
})

test('a refused token is replaced once, for a write as well', async (t) => {
  const server = await startDataverseServer(t, ({ headers }) =>
    headers['authorization'] === 'Bearer token-1' ? { status: 401 } : { status: 204 },
  )
  const { status } = await server
    .client()
    .raw({ method: 'POST', path: 'accounts', body: { name: 'A' } })
  assert.equal(status, 204)
  assert.deepEqual(
    server.requests.map(({ headers, body }) => [headers['authorization'], body]),
    [
      ['Bearer token-1', '{"name":"A"}'],
      ['Bearer token-2', '{"name":"A"}'],
    ],
  )
})

test('a token refused twice ends in an error that tells what the challenge wants', async (t) => {
  const server = await startDataverseServer(t, () => ({
    status: 401,
    headers: {
      'www-authenticate':
        'Bearer authorization_uri=https://login.test/tenant-1/oauth2/authorize, resource_id=https://other.test/',
    },
    body: '<html>401</html>',
  }))
  await assert.rejects(server.client().whoAmI(), (error) => {
    assert.ok(error instanceof DataverseError)
    assert.equal(error.code, 'unauthorized')
    assert.match(error.explanation.why, /https:\/\/other\.test/)
    assert.equal(error.facts['resource'], 'https://other.test/')
    return true
  })
  assert.equal(server.requests.length, 2)
})

test('where no other token can be had, the source’s own error comes out', async (t) => {
  const server = await startDataverseServer(t, () => ({ status: 401 }))
  const gone = new Error('needs reconnect')
  const tokens = { ...countedTokens(), replace: () => Promise.reject(gone) }
  await assert.rejects(server.client({ tokens }).whoAmI(), gone)
  assert.equal(server.requests.length, 1)
})

test('a server that echoes the token does not bring it into the error', async (t) => {
  const server = await startDataverseServer(t, ({ headers }) => ({
    status: 500,
    body: { error: { code: '', message: `echo ${String(headers['authorization'])}` } },
  }))
  await assert.rejects(server.client().raw({ method: 'POST', path: 'x' }), (error) => {
    assert.ok(error instanceof DataverseError)
    assert.match(error.message, /Bearer \[secret\]/)
    assert.doesNotMatch(JSON.stringify(error), /token-1/)
    return true
  })
})

test('a page of HTML, half a JSON that stays so and an empty body are named for what they are', async (t) => {
  const half = Array<string>(4).fill('{"UserId":')
  const bodies = ['<html>hello</html>', ...half, '', '[]']
  const server = await startDataverseServer(t, () => ({ body: bodies.shift() }))
  for (const kind of ['html', 'cut_short', 'empty']) {
    await assert.rejects(server.client({ clock: eagerClock() }).whoAmI(), (error) => {
      assert.ok(error instanceof InvalidJson)
      assert.equal(error.facts['kind'], kind)
      return true
    })
  }
  await assert.rejects(server.client({ clock: eagerClock() }).whoAmI(), code('unexpected_answer'))
})

test('a reading request is repeated after 429 and 503, a writing one is not', async (t) => {
  const statuses = [429, 503, 200, 503]
  const server = await startDataverseServer(t, () => ({
    status: statuses.shift() ?? 500,
    headers: { 'retry-after': '0' },
    body: { accountid: USER },
  }))
  const client = server.client()
  assert.equal((await client.row('accounts', USER))['accountid'], USER)
  await assert.rejects(
    client.raw({ method: 'POST', path: 'accounts', body: {} }),
    code('unavailable'),
  )
  assert.equal(server.requests.length, 4)
})

test('an error page that is too long or breaks off does not hide the status', async (t) => {
  const replies = [{ body: `<html>${'x'.repeat(1_100_000)}` }, { body: '<html>', cut: true }]
  const server = await startDataverseServer(t, () => ({ status: 403, ...replies.shift() }))
  for (const path of ['a', 'b']) {
    await assert.rejects(server.client().raw({ method: 'POST', path }), code('forbidden'))
  }
})

test('an answer that breaks off is asked for again as often as one that never came', async (t) => {
  const cuts = [true, false, true, true, true, true]
  const server = await startDataverseServer(t, () => ({
    body: { accountid: USER },
    cut: cuts.shift() === true,
  }))
  const client = server.client({ clock: eagerClock() })
  assert.equal((await client.row('accounts', USER))['accountid'], USER)
  await assert.rejects(client.row('accounts', USER), (error) => error instanceof TransportError)
  assert.equal(server.requests.length, 6)
})

test('a row is read by its id and by an alternate key', async (t) => {
  const server = await startDataverseServer(t, () => ({ body: { accountid: USER, name: 'A' } }))
  const client = server.client()
  const row = await client.row('accounts', `{${USER.toUpperCase()}}`, {
    select: ['name'],
    annotations: '*',
  })
  assert.equal(row['name'], 'A')
  await client.row('accounts', { accountnumber: "O'1" })
  assert.deepEqual(
    server.requests.map(({ path }) => path),
    [
      `/api/data/v9.2/accounts(${USER})?$select=name`,
      "/api/data/v9.2/accounts(accountnumber='O''1')",
    ],
  )
  assert.equal(server.requests[0]?.headers['prefer'], 'odata.include-annotations="*"')
})

test('a missing row is not_found, with the service’s code and message', async (t) => {
  const message = `account With Id = ${USER} Does Not Exist`
  const server = await startDataverseServer(t, () => ({
    status: 404,
    headers: { req_id: 'r-1,r-1' },
    body: { error: { code: '0x80040217', message } },
  }))
  await assert.rejects(server.client().row('accounts', USER), (error) => {
    assert.ok(error instanceof DataverseError)
    assert.equal(error.code, 'not_found')
    assert.equal(error.dataverseCode, '0x80040217')
    assert.equal(error.requestId, 'r-1')
    assert.match(error.message, /Does Not Exist/)
    return true
  })
})

test('a count is read past its byte order mark, and is exact below 5000 only', async (t) => {
  const bodies = ['\uFEFF42', '\uFEFF5000', 'many']
  const server = await startDataverseServer(t, () => ({
    headers: { 'content-type': 'text/plain' },
    body: bodies.shift(),
  }))
  const client = server.client()
  assert.deepEqual(await client.count('accounts', where.eq('statecode', 0)), {
    value: 42,
    exact: true,
  })
  assert.deepEqual(await client.count('accounts'), { value: 5000, exact: false })
  await assert.rejects(client.count('accounts'), code('unexpected_answer'))
  assert.equal(server.requests[0]?.query.get('$filter'), 'statecode eq 0')
})

test('an aborted call ends with the signal’s reason', async (t) => {
  const server = await startDataverseServer(t, () => ({ body: {} }))
  const signal = AbortSignal.abort(new Error('enough'))
  await assert.rejects(server.client().whoAmI({ signal }))
  assert.equal(server.requests.length, 0)
})
