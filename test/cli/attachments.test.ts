import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fairlead } from '../support/command-line.ts'
import { startServedHub, done as succeed } from '../support/served-hub.ts'

const { env, url, folder, connectApp } = await startServedHub(test, { rows: 1 })
await connectApp('CRM')

const key = await succeed(['api-keys', 'add', 'cli'], env)
const remote = { ...env, FAIRLEAD_HUB: url, FAIRLEAD_API_KEY: key }
// A hub that runs answers in a third of the time that a command needs to start one.
const done = (words: readonly string[]) => succeed(words, remote)
const at = ['--credential', 'CRM']
const fields = { objectType: 'account', column: 'new_contract' }
const saved = join(folder, 'saved')
const content = randomBytes(700_000)
const row = JSON.parse(await done(['raw', 'accounts?$select=accountid&$top=1', ...at]))
const idValue: string = row.responseBody.value[0].accountid

async function upload(fileName: string): Promise<void> {
  const input = join(folder, 'input.json')
  writeFileSync(input, JSON.stringify({ idValue, fileName, content: content.toString('base64') }))
  const config = JSON.stringify(fields)
  await done(['run', 'uploadFile', ...at, '--config', config, '--input', input])
}

const download = (more: readonly string[], where = env) => {
  const wish = ['--config', JSON.stringify(fields), '--input', JSON.stringify({ idValue })]
  return fairlead(['run', 'downloadFile', ...at, ...wish, ...more], where)
}

test('a file of a row is saved under its name, and a second one beside it', async () => {
  await upload('Vertrag ü.pdf')
  const outputs = []
  for (let count = 0; count < 2; count += 1) {
    const { code, stdout, stderr } = await download(['--attachments', saved])
    assert.equal(code, 0, stderr)
    outputs.push(JSON.parse(stdout))
  }
  const files = outputs.map(({ file }) => file)
  assert.deepEqual(files, [join(saved, 'Vertrag ü.pdf'), join(saved, 'Vertrag ü-2.pdf')])
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
  for (const file of files) assert.equal(hash(readFileSync(file)), hash(content))
  assert.deepEqual([outputs[0].size, outputs[0].url], [content.length, undefined])
})

test('with a hub elsewhere its address stays good, and a file is saved where that is asked for', async () => {
  const { stdout, stderr } = await download([], remote)
  assert.equal(stderr, '')
  const plain = JSON.parse(stdout)
  assert.equal(plain.file, undefined)
  const headers = { authorization: `Bearer ${key}` }
  const bytes = Buffer.from(await (await fetch(plain.url, { headers })).arrayBuffer())
  assert.ok(bytes.equals(content))
  const both = JSON.parse((await download(['--attachments', saved], remote)).stdout)
  assert.ok(both.url.startsWith(url))
  assert.ok(readFileSync(both.file).equals(content))
})

test('a folder in which nothing can be written is named', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const { code, stderr } = await download(['--attachments', file])
  assert.equal(code, 2)
  assert.match(stderr, /Nothing can be written in ".+file"/)
})

test('metadata comes as a file, whose path the output tells', async () => {
  const place = join(folder, 'schema')
  mkdirSync(place)
  const words = ['run', 'extractRawSystemMetadata', ...at, '--attachments', place]
  const { file, type } = JSON.parse(await done(words))
  assert.deepEqual([file, type], [join(place, 'metadata.xml'), '.xml'])
  assert.match(readFileSync(file, 'utf8'), /<\/edmx:Edmx>\s*$/)
})
