import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startDataverseServer } from '../../../test/support/dataverse-server.ts'
import { collect } from '../read/collect.ts'
import { escapeXml, parseFetchXml } from './fetch-xml.ts'

const QUERY = '<fetch count="3"><entity name="account"><attribute name="name"/></entity></fetch>'
const CRM = '@Microsoft.Dynamics.CRM.'

/** Answers `total` rows in pages of three; every cookie but the first page's must be the one given out. */
function startTable(
  t: Parameters<typeof startDataverseServer>[0],
  total: number,
  { cookies = true, stuck = false, size = 3 } = {},
) {
  return startDataverseServer(t, ({ query }) => {
    const { attributes } = parseFetchXml(query.get('fetchXml') ?? '')
    const page = Number(attributes.get('page') ?? 1)
    const cookie = (number: number) =>
      `<cookie page="${number}"><id last="{${number} & ü}" /></cookie>`
    if (cookies && !stuck && page > 1 && attributes.get('paging-cookie') !== cookie(page - 1)) {
      return { status: 400, body: { error: { code: '0x0', message: 'wrong cookie' } } }
    }
    const start = stuck ? 0 : (page - 1) * size
    const value = Array.from({ length: Math.min(size, total - start) }, (_, index) => ({
      number: start + index,
    }))
    if (start + size >= total) return { body: { value } }
    const encoded = encodeURIComponent(encodeURIComponent(cookie(stuck ? 1 : page)))
    const annotation = `<cookie pagenumber="${page + 1}" pagingcookie="${escapeXml(encoded)}" istracking="False" />`
    return {
      body: {
        [`${CRM}morerecords`]: true,
        ...(cookies ? { [`${CRM}fetchxmlpagingcookie`]: annotation } : {}),
        [`${CRM}totalrecordcount`]: total,
        value,
      },
    }
  })
}

const numbers = async (rows: AsyncIterable<{ readonly [key: string]: unknown }>, limit = 100) =>
  (await collect(rows, limit)).map((row) => row['number'])

test('all pages of a FetchXML query are read by its cookies', async (t) => {
  const server = await startTable(t, 8)
  assert.deepEqual(
    await numbers(server.client().fetch('accounts', QUERY)),
    [0, 1, 2, 3, 4, 5, 6, 7],
  )
  assert.equal(server.requests.length, 3)
  assert.match(String(server.requests[0]?.headers['prefer']), /fetchxmlpagingcookie.*morerecords/)
  assert.match(server.requests[1]?.query.get('fetchXml') ?? '', /<entity name="account"><attribute/)
})

test('a page’s place, kept, resumes the reading', async (t) => {
  const server = await startTable(t, 8)
  const client = server.client()
  const first = await client.fetchPages('accounts', QUERY).next()
  assert.ok(first.done !== true && first.value.next !== undefined)
  assert.equal(first.value.count, 8)
  assert.deepEqual(
    await numbers(client.fetch('accounts', QUERY, { from: first.value.next })),
    [3, 4, 5, 6, 7],
  )
})

test('without cookies pages are counted, up to the service’s 50,000 rows', async (t) => {
  const few = await startTable(t, 8, { cookies: false })
  assert.equal((await numbers(few.client().fetch('accounts', QUERY))).length, 8)
  const many = await startTable(t, 60_000, { cookies: false, size: 5000 })
  const query = QUERY.replace(' count="3"', '')
  const rows = many.client().fetch('accounts', query, { pageSize: 5000 })
  await assert.rejects(numbers(rows, 100_000), { code: 'paging_limit' })
  assert.equal(many.requests.length, 10)
  assert.match(many.requests[0]?.query.get('fetchXml') ?? '', /count="5000"/)
})

test('a cookie that does not advance ends the reading', async (t) => {
  const server = await startTable(t, 8, { stuck: true })
  await assert.rejects(numbers(server.client().fetch('accounts', QUERY)), { code: 'repeated_page' })
  assert.equal(server.requests.length, 2)
})

test('top stands alone: one page, and the query as it was written', async (t) => {
  const query = '<fetch top="3"><entity name="account"/></fetch>'
  const server = await startTable(t, 3)
  const client = server.client()
  assert.equal((await numbers(client.fetch('accounts', query))).length, 3)
  assert.equal(server.requests[0]?.query.get('fetchXml'), query)
  const refused = { code: 'invalid_argument' }
  await assert.rejects(numbers(client.fetch('accounts', query, { pageSize: 2 })), refused)
  await assert.rejects(
    numbers(client.fetch('accounts', query.replace('top', 'page="1" top'))),
    refused,
  )
  await assert.rejects(numbers(client.fetch('accounts', QUERY, { pageSize: 2 })), refused)
  await assert.rejects(
    numbers(client.fetch('accounts', QUERY.replace('fetch', 'fetch page="x"'))),
    refused,
  )
  assert.equal(server.requests.length, 1)
})

test('an answer that is no page is no page', async (t) => {
  const server = await startDataverseServer(t, () => ({
    body: { value: [], [`${CRM}fetchxmlpagingcookie`]: '<nothing/>' },
  }))
  await assert.rejects(numbers(server.client().fetch('accounts', QUERY)), {
    code: 'unexpected_answer',
  })
})
