import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { systemClock, systemRandom } from '../../kernel/index.ts'
import { createDiskCache } from './disk-cache.ts'

const parts = { clock: systemClock, random: systemRandom }

test('what was written is there for another process, under its own key only', async () => {
  await using folder = await temporaryFolder()
  const place = join(folder.path, 'deep', 'metadata')
  await createDiskCache({ ...parts, folder: place }).write('a b/c', { n: 1, text: 'é' })
  const other = createDiskCache({ ...parts, folder: place })
  assert.deepEqual(await other.read('a b/c'), { n: 1, text: 'é' })
  assert.equal(await other.read('a b'), undefined)
  const [file = ''] = await readdir(place)
  assert.equal((await stat(join(place, file))).mode & 0o077, 0)
})

for (const [what, text] of [
  ['cut', '{"format":1,"key":"k","va'],
  ['of another version', '{"format":0,"key":"k","value":{"n":1}}'],
  ['of another key', '{"format":1,"key":"other","value":{"n":1}}'],
  ['of another shape', '[1]'],
  ['empty', ''],
  ['not text', '\u0000\u0001'],
] as const) {
  test(`a file that is ${what} counts as not there, and is written anew`, async () => {
    await using folder = await temporaryFolder()
    const cache = createDiskCache({ ...parts, folder: folder.path })
    await cache.write('k', { n: 1 })
    const [file = ''] = await readdir(folder.path)
    await writeFile(join(folder.path, file), text)
    assert.equal(await cache.read('k'), undefined)
    await cache.write('k', { n: 2 })
    assert.deepEqual(await cache.read('k'), { n: 2 })
  })
}

test('a folder that cannot be written is as good as none', async () => {
  await using folder = await temporaryFolder()
  const place = join(folder.path, 'file')
  await writeFile(place, '')
  const cache = createDiskCache({ ...parts, folder: place })
  await cache.write('k', { n: 1 })
  assert.equal(await cache.read('k'), undefined)
})

test('the folder stays below its size, and loses the oldest and what was left unfinished', async () => {
  await using folder = await temporaryFolder()
  await mkdir(folder.path, { recursive: true })
  const left = join(folder.path, 'x.tmp')
  await writeFile(left, 'x')
  await utimes(left, 0, 0)
  const cache = createDiskCache({ ...parts, folder: folder.path, maxBytes: 10_000 })
  for (let n = 0; n < 100; n += 1) {
    await cache.write(`k${n}`, { n, text: 'x'.repeat(500) })
    const files = await readdir(folder.path)
    for (const file of files) {
      const text = await readFile(join(folder.path, file), 'utf8')
      const at = text.startsWith('{') ? JSON.parse(text).value.n : n
      await utimes(join(folder.path, file), at + 1, at + 1)
    }
  }
  const files = await readdir(folder.path)
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(folder.path, file))).size),
  )
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= 10_000 * 1.125)
  assert.ok(!files.includes('x.tmp'))
  assert.deepEqual(await cache.read('k0'), undefined)
  assert.ok(await cache.read('k99'))
})

test('processes that write the same keys at once never show a broken file', async () => {
  await using folder = await temporaryFolder()
  const writer = join(import.meta.dirname, '../../../test/support/metadata-writer.ts')
  const write = (name: string) =>
    promisify(execFile)(process.execPath, [writer, folder.path, name]).then(({ stdout }) => stdout)
  const broken = await Promise.all(['one', 'two'].map(write))
  assert.deepEqual(broken.map(Number), [0, 0])
  const names = await readdir(folder.path)
  assert.ok(names.length === 3 && names.every((name) => name.endsWith('.json')))
})
