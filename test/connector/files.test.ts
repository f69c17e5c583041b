import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import { type AttachmentStore, findEntry } from '../../src/connector/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { memoryAttachments } from '../support/attachments.ts'
import { refused, runEntry } from './run-entry.ts'

const { client, sandbox } = await startSandboxClient({ after }, { rows: 1 })
const { store, kept } = memoryAttachments()
const { id } = await client.create('account', { name: 'With files' })
const fields = { objectType: 'account', column: 'new_contract' }
const more = { attachments: store }

async function upload(input: object, config: object = {}) {
  const [body] = await runEntry(
    client,
    'uploadFile',
    { ...fields, ...config },
    { idValue: id, ...input },
    more,
  )
  return Object(body)
}

async function download(config: object = {}, maxMessageBytes = 10_000_000) {
  const limits = { maxMessageBytes, maxCursorBytes: 5_000 }
  const given = { ...fields, ...config }
  const [body] = await runEntry(client, 'downloadFile', given, { idValue: id }, { ...more, limits })
  return Object(body)
}

test('a row without a file says so', async () => {
  await refused(download(), 'idValue', 'no_file')
})

test('an attachment of several parts goes to a row and comes back as it was', async () => {
  const bytes = randomBytes(5 * 1024 * 1024)
  const body = new Blob([bytes]).stream()
  const { url } = await store.put(body, { contentType: 'application/pdf' })
  const uploaded = await upload({ fileName: 'Vertrag ä.pdf', url })
  assert.deepEqual([uploaded.id, uploaded.size], [id, bytes.length])
  const file = await download()
  assert.deepEqual([file.fileName, file.type, file.size], ['Vertrag ä.pdf', '.pdf', bytes.length])
  const stored = kept.get(file.url)
  assert.ok(stored?.bytes.equals(bytes) === true)
  assert.deepEqual([stored.name, stored.contentType], ['Vertrag ä.pdf', file['content-type']])
})

test('a long attachment of unknown size keeps its content type, or the one that is given', async () => {
  const body = new Blob([new Uint8Array(4 * 1024 * 1024 + 1)]).stream()
  const { url } = await store.put(body, { contentType: 'text/plain' })
  const sizeless: AttachmentStore = {
    put: store.put,
    get: async (...asked) => {
      const { size: _, ...opened } = await store.get(...asked)
      return opened
    },
  }
  for (const [mimeType, expected] of [
    [undefined, 'text/plain'],
    ['text/html', 'text/html'],
  ]) {
    const input = { idValue: id, fileName: 'hello.txt', url, mimeType }
    const [uploaded] = await runEntry(client, 'uploadFile', fields, input, {
      attachments: sizeless,
    })
    assert.match(Object(uploaded).fileId, /^[0-9a-f-]{36}$/)
    assert.equal((await download())['content-type'], expected)
  }
})

test('content is taken with blanks in it, and as a data URL', async () => {
  for (const content of ['SGVs\nbG8=\n', 'data:text/plain;base64,SGVsbG8=']) {
    await upload({ fileName: 'hello.txt', content })
    assert.equal((await download({ output: 'body' })).content, 'SGVsbG8=')
  }
})

test('a column may be given in any case', async () => {
  const column = 'NEW_Contract'
  await upload({ fileName: 'hello.txt', content: 'SGVsbG8=' }, { column })
  assert.equal((await download({ column, output: 'body' })).content, 'SGVsbG8=')
})

test('a small file goes and comes in the message, and a larger one is refused there', async () => {
  const content = Buffer.from('Hello').toString('base64')
  await upload({ fileName: 'hello.txt', content })
  assert.equal((await download({ output: 'body' })).content, content)
  await upload({ fileName: 'long.txt', content: randomBytes(9_000).toString('base64') })
  await refused(download({ output: 'body' }, 10_000), 'output', 'document_too_large')
})

test('what is no file, column or name is named', async () => {
  const content = 'SGVsbG8='
  const fileName = 'a.txt'
  await refused(upload({ fileName, content: 'not base64!' }), 'content', 'invalid_field')
  await refused(upload({ fileName, content, url: 'https://x' }), 'content', 'invalid_field')
  await refused(upload({ fileName }), 'url', 'missing_field')
  await refused(upload({ content }), 'fileName', 'missing_field')
  await refused(upload({ fileName, content }, { column: 'name' }), 'column', 'invalid_field')
  await refused(upload({ fileName, content, idValue: 'x' }), 'idValue', 'invalid_field')
  await refused(download({ column: 'nothing' }), 'column', 'invalid_field')
})

test('an attachment for which there is no place is let go unread', async () => {
  let left = false
  const cancel = () => {
    left = true
  }
  const get = async () => ({ body: new ReadableStream<Uint8Array>({ cancel }) })
  const config = { ...fields, column: 'name' }
  const input = { idValue: id, fileName: 'a.txt', url: 'https://files.example/1' }
  const uploading = runEntry(client, 'uploadFile', config, input, {
    attachments: { ...store, get },
  })
  await refused(uploading, 'column', 'invalid_field')
  assert.equal(left, true)
})

test('of an image the whole is asked for, and not the small picture of it', async () => {
  await sandbox.admin('/trace', 'DELETE')
  await refused(download({ column: 'entityimage' }), 'idValue', 'no_file')
  assert.match(
    JSON.stringify(await sandbox.admin('/trace')),
    /entityimage\/\$value","query":\{"size":"full"\}/,
  )
})

test('the file columns of a table can be chosen', async () => {
  const context = { config: { objectType: 'account' }, dataverse: client, limit: 10 }
  const options = await findEntry('uploadFile')?.options('column', context)
  const columns = options?.map(({ value }) => value) ?? []
  assert.ok(columns.includes('entityimage') && columns.includes('new_contract'))
  assert.equal(columns.includes('name'), false)
})
