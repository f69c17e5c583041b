import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchAnswer, type ScriptedPart } from '../../../test/support/batch-answer.ts'
import { startDataverseServer } from '../../../test/support/dataverse-server.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import { collect } from '../read/collect.ts'

const filterOf = (length: number) => `name eq '${'x'.repeat(length)}'`

const serve = (
  context: Parameters<typeof startDataverseServer>[0],
  part: ScriptedPart,
  status = 200,
) => startDataverseServer(context, () => ({ ...batchAnswer([part]), status }))

test('a query too long for an address is moved into a batch, with its headers', async (t) => {
  const server = await serve(t, { status: 200, body: { value: [{ name: 'a' }] } })
  const query = { filter: filterOf(40_000) }
  const rows = await collect(server.client().rows('accounts', query, { pageSize: 7 }), 5)
  assert.deepEqual(rows, [{ name: 'a' }])
  const [request] = server.requests
  assert.equal(`${request?.method} ${request?.path}`, 'POST /api/data/v9.2/$batch')
  assert.match(request?.body ?? '', /\r\nGET \/api\/data\/v9\.2\/accounts\?\$filter=name%20eq/)
  assert.match(request?.body ?? '', /\r\nprefer: odata\.maxpagesize=7\r\n/)
  assert.equal(request?.headers['authorization'], 'Bearer token-1')
})

test('counting and FetchXML are moved as well', async (t) => {
  const counting = await serve(t, { status: 200, body: '\uFEFF42' })
  assert.equal((await counting.client().count('accounts', filterOf(40_000))).value, 42)
  assert.match(counting.requests[0]?.body ?? '', /\r\naccept: text\/plain\r\n/)
  const fetching = await serve(t, { status: 200, body: { value: [{ a: 1 }] } })
  const xml = `<fetch><entity name="account"><!--${'x'.repeat(40_000)}--></entity></fetch>`
  assert.equal((await collect(fetching.client().fetch('accounts', xml), 5)).length, 1)
  assert.match(fetching.requests[0]?.body ?? '', /GET \/api\/data\/v9\.2\/accounts\?fetchXml=/)
})

test('an error names the query, not the batch', async (t) => {
  const body = { error: { code: '0x80060888', message: 'no' } }
  const server = await serve(t, { status: 400, body }, 400)
  await assert.rejects(
    server.client().count('accounts', filterOf(40_000)),
    (error) =>
      error instanceof DataverseError &&
      error.dataverseCode === '0x80060888' &&
      /answered GET accounts\/\$count with 400/.test(error.message),
  )
})

test('what is too long for a batch too is refused before it is sent', async (t) => {
  const server = await serve(t, { status: 200 })
  await assert.rejects(server.client().count('accounts', filterOf(66_000)), {
    code: 'address_too_long',
  })
  assert.equal(server.requests.length, 0)
})

test('an answer without the one part is unexpected', async (t) => {
  const server = await startDataverseServer(t, () => batchAnswer([]))
  await assert.rejects(server.client().count('accounts', filterOf(40_000)), {
    code: 'unexpected_answer',
  })
})

test('an answer that breaks off is asked for again', async (t) => {
  const whole = batchAnswer([{ status: 200, body: { value: [{ name: 'a' }] } }])
  let asked = 0
  const server = await startDataverseServer(t, () => {
    asked += 1
    return asked === 1 ? { ...whole, body: whole.body.slice(0, -10) } : whole
  })
  const rows = await collect(server.client().rows('accounts', { filter: filterOf(40_000) }), 5)
  assert.equal(rows.length, 1)
  assert.equal(asked, 2)
})
