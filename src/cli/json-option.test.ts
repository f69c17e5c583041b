import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { jsonOption, objectOption } from './json-option.ts'
import { UsageError } from './usage-error.ts'
import { run } from './verbs/run.ts'

const folder = await mkdtemp(join(tmpdir(), 'fairlead-json-'))
after(() => rm(folder, { recursive: true }))

const read = (input?: string) =>
  jsonOption(run, { options: input === undefined ? {} : { input } }, 'input')

async function file(content: string | Uint8Array): Promise<string> {
  const path = join(folder, `${crypto.randomUUID()}.json`)
  await writeFile(path, content)
  return path
}

const refused = (words: RegExp) => (error: unknown) =>
  error instanceof UsageError && words.test(error.explanation.why)

test('JSON is read in place or from a file, and nothing is an empty object', async () => {
  assert.deepEqual(await read(), {})
  assert.deepEqual(await read(' {"a":1}'), { a: 1 })
  assert.deepEqual(await read(await file('\ufeff{"a":"é"}')), { a: 'é' })
})

test('what is wrong with it is told, and where', async () => {
  await assert.rejects(read('{"a":'), refused(/JSON of --input cannot be read/))
  await assert.rejects(read(await file('{"a":')), refused(/in the file ".*", cannot be read/))
  await assert.rejects(read(join(folder, 'none')), refused(/which cannot be read/))
  await assert.rejects(read(await file(Uint8Array.of(0x22, 0xff, 0x22))), refused(/not UTF-8/))
  await assert.rejects(objectOption(run, { options: { input: '[]' } }, 'input'), refused(/object/))
})
