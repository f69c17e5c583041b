import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Contents } from '../../src/dataverse/store/contents.ts'
import { Journal } from '../../src/dataverse/store/journal.ts'
import { createRig, READER, type Rig, tokenOf } from './rig.ts'

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])
const COLUMN = 'sample_filecolumn'

async function start(): Promise<{ rig: Rig; row: string }> {
  const rig = createRig({ accounts: 1, contacts: 1 })
  const { json } = await rig.call('accounts?$select=accountid')
  return { rig, row: `accounts(${json.value[0].accountid})` }
}

async function put(rig: Rig, row: string, text: string, column = COLUMN): Promise<number> {
  const headers = { 'x-ms-file-name': 'a.txt' }
  const body = Buffer.from(text)
  return (await rig.call(`${row}/${column}`, { method: 'PATCH', headers, body })).status
}

test('an image is set and cleared with its row, and told by the columns beside it', async () => {
  const { rig, row } = await start()
  const image = PNG.toString('base64')
  await rig.call(row, { method: 'PATCH', body: { sample_imagecolumn: image } })
  const { json } = await rig.call(
    `${row}?$select=sample_imagecolumn,sample_imagecolumnid,sample_imagecolumn_url,sample_imagecolumn_timestamp`,
  )
  assert.equal(json.sample_imagecolumn, image)
  assert.equal(
    json.sample_imagecolumn_url,
    `/Image/download.aspx?Entity=account&Attribute=sample_imagecolumn&Id=${json.sample_imagecolumnid}&Timestamp=${json.sample_imagecolumn_timestamp}`,
  )
  await rig.call(`${row}/sample_imagecolumn`, { method: 'PUT', body: { value: null } })
  const cleared = await rig.call(`${row}?$select=sample_imagecolumn,sample_imagecolumn_url`)
  assert.equal(cleared.json.sample_imagecolumn, null)
  assert.equal(cleared.json.sample_imagecolumn_url, null)
})

test('an image comes as bytes, in full only where its column keeps it so', async () => {
  const { rig, row } = await start()
  const image = PNG.toString('base64')
  await rig.call(row, { method: 'PATCH', body: { sample_imagecolumn: image, entityimage: image } })
  const statusOf = async (path: string) => (await rig.call(`${row}/${path}`)).status
  assert.deepEqual((await rig.call(`${row}/entityimage/$value`)).bytes, PNG)
  assert.equal(await statusOf('entityimage/$value?size=full'), 204)
  assert.equal(await statusOf('sample_imagecolumn/$value?size=full'), 200)
})

test('images are shown only when they are asked for', async () => {
  const { rig, row } = await start()
  const { json } = await rig.call(row)
  assert.equal('entityimage' in json, false)
  assert.equal('entityimageid' in json, true)
})

test('a row that goes takes its file along', async () => {
  const { rig, row } = await start()
  await put(rig, row, 'hello')
  assert.equal((await rig.call('fileattachments')).json.value.length, 1)
  assert.equal((await rig.call(row, { method: 'DELETE' })).status, 204)
  assert.equal((await rig.call('fileattachments')).json.value.length, 0)
})

test('a file that is put in the place of another leaves one', async () => {
  const { rig, row } = await start()
  await put(rig, row, 'first')
  await put(rig, row, 'second')
  assert.equal((await rig.call(`${row}/${COLUMN}/$value`)).text, 'second')
  assert.equal((await rig.call('fileattachments')).json.value.length, 1)
})

test('a snapshot brings files back', async () => {
  const { rig, row } = await start()
  await put(rig, row, 'before')
  rig.organization.control.saveSnapshot('one')
  await put(rig, row, 'after')
  rig.organization.control.restoreSnapshot('one')
  assert.equal((await rig.call(`${row}/${COLUMN}/$value`)).text, 'before')
})

test('who may only read cannot upload', async () => {
  const { rig, row } = await start()
  const { status, json } = await rig.call(`${row}/${COLUMN}?x-ms-file-name=a.txt`, {
    method: 'PATCH',
    body: PNG,
    token: tokenOf(READER),
  })
  assert.deepEqual([status, json.error.code], [403, '0x80040220'])
})

test('an organization holds no more than its bound, and bytes in a snapshot count once', () => {
  const contents = new Contents(new Journal(), 1)
  const bytes = Buffer.alloc(700_000)
  contents.add('a', { name: 'a', mimeType: 'x', bytes })
  const saved = contents.save()
  assert.equal(contents.size, 700_000)
  contents.remove('a')
  assert.equal(contents.size, 700_000)
  assert.throws(
    () => contents.add('b', { name: 'b', mimeType: 'x', bytes: Buffer.alloc(700_000) }),
    /more than 1 MB of files/,
  )
  contents.forget(saved)
  assert.equal(contents.size, 0)
})

test('a write that is taken back takes its file back', () => {
  const journal = new Journal()
  const contents = new Contents(journal)
  const bytes = Buffer.from('kept')
  contents.add('a', { name: 'a', mimeType: 'x', bytes })
  const work = (): void => {
    contents.remove('a')
    contents.add('b', { name: 'b', mimeType: 'x', bytes: Buffer.from('new') })
    throw new Error('stop')
  }
  assert.throws(() => journal.atomically(work), /stop/)
  assert.deepEqual(
    [contents.get('a')?.bytes, contents.get('b'), contents.size],
    [bytes, undefined, 4],
  )
})
