import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { memoryAttachments } from '../support/attachments.ts'
import { startDataverseServer } from '../support/dataverse-server.ts'
import { refused, runEntry } from './run-entry.ts'

const { client } = await startSandboxClient({ after }, { rows: 1 })
const { store, kept } = memoryAttachments()

async function extract(config: object, maxMessageBytes = 10_000_000) {
  const limits = { maxMessageBytes, maxCursorBytes: 5_000 }
  const more = { limits, attachments: store }
  const [body] = await runEntry(client, 'extractRawSystemMetadata', { ...config }, {}, more)
  return Object(body)
}

test('the document is stored apart from the message', async () => {
  const body = await extract({})
  const stored = kept.get(body.url)
  assert.match(String(stored?.bytes), /^<\?xml[\s\S]*<edmx:Edmx[\s\S]*<\/edmx:Edmx>\s*$/)
  const { size } = body
  assert.deepEqual(body, { 'content-type': 'application/xml', type: '.xml', size, url: body.url })
  assert.equal(size, stored?.bytes.length)
})

test('the document comes in the message where that may be so long, and is refused where not', async () => {
  const { metadata } = await extract({ output: 'body' })
  assert.match(metadata, /<\/edmx:Edmx>\s*$/)
  const whole = Buffer.byteLength(JSON.stringify({ metadata }))
  assert.equal((await extract({ output: 'body' }, whole + 64)).metadata, metadata)
  await refused(extract({ output: 'body' }, whole - 1), 'output', 'document_too_large')
  await refused(extract({ output: 'paper' }), 'output', 'invalid_field')
})

test('letters of several bytes come whole, wherever the answer is cut into pieces', async (t) => {
  const document = `<x>${'ä€🚀'.repeat(50_000)}</x>`
  const headers = { 'content-type': 'application/xml' }
  const server = await startDataverseServer(t, () => ({ headers, body: document }))
  const config = { output: 'body' }
  const [body] = await runEntry(server.client(), 'extractRawSystemMetadata', config)
  assert.equal(Object(body).metadata, document)
})
