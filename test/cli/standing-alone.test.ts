import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fairlead, settings, startFairlead } from '../support/command-line.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

// What needs no hub starts none: not even the data folder comes into being.
const folder = await temporaryFolder()
const data = join(folder.path, 'data')
const env = settings(data)
test.after(() => folder[Symbol.asyncDispose]())
test.afterEach(() => assert.ok(!existsSync(data)))

test('help goes to stdout and names every verb', async () => {
  const { code, stdout, stderr } = await fairlead(['--help'], env)
  assert.deepEqual([code, stderr], [0, ''])
  for (const verb of ['serve', 'connect', 'verify', 'explain', 'keys rotate', 'sandbox'])
    assert.match(stdout, new RegExp(`^ {2}${verb} `, 'm'))
})

test('the help of a verb names its options, before it complains of anything', async () => {
  const { code, stdout } = await fairlead(['connect', '--help'], env)
  assert.equal(code, 0)
  assert.match(stdout, /--device-code +\S/)
})

test('the sandbox takes every option that its own program takes', async () => {
  const optionsOf = (page: string) => [...page.matchAll(/^ +(--[\w-]+)/gm)].map(([, name]) => name)
  const { stdout } = await fairlead(['sandbox', '--help'], env)
  const taken = optionsOf(stdout)
  const program = new URL('../../sandbox/bin/fairlead-sandbox.cjs', import.meta.url).pathname
  const own = optionsOf(execFileSync(process.execPath, [program, '--help'], { encoding: 'utf8' }))
  assert.ok(own.length > 10)
  // The verb ends with its parent anyway.
  const missing = own.filter((name) => name !== '--exit-with-parent' && !taken.includes(name))
  assert.deepEqual(missing, [])
})

test('an error is explained from an argument and from a pipe', async () => {
  const given = await fairlead(['explain', 'AADSTS7000215'], env)
  assert.deepEqual([given.code, given.stderr], [0, ''])
  assert.match(given.stdout, /remedy/)
  const piped = await fairlead(['explain', '--json'], env, 'login failed: AADSTS50194: …\n')
  assert.equal(JSON.parse(piped.stdout)[0].code, '50194')
})

test('types are written from a saved document, and a wrong table is named', async () => {
  await using place = await temporaryFolder()
  const document = join(place.path, 'metadata.xml')
  const out = join(place.path, 'types.ts')
  const type = '<EntityType Name="account"><Key><PropertyRef Name="accountid"/></Key>'
  const properties = '<Property Name="accountid" Type="Edm.Guid"/></EntityType>'
  const schema = `<Schema Namespace="N" Alias="n">${type}${properties}</Schema>`
  await writeFile(document, `<edmx:Edmx Version="4.0">${schema}</edmx:Edmx>`)
  const words = ['types', '--metadata', document, '--tables']
  const written = await fairlead([...words, 'account', '--out', out], env)
  assert.deepEqual([written.code, written.stderr], [0, ''])
  assert.match(await readFile(out, 'utf8'), /export interface Account /)
  const wrong = await fairlead([...words, 'acount'], env)
  assert.deepEqual([wrong.code, wrong.stdout], [1, ''])
  assert.match(wrong.stderr, /Did you mean account/)
  await writeFile(document, '<html></html>')
  const foreign = await fairlead([...words, 'account'], env)
  assert.match(foreign.stderr, /line 1, column \d+: it begins with <html>/)
})

test('a text in which no error is known ends with 1', async () => {
  const { code, stdout, stderr } = await fairlead(['explain', 'it rains'], env)
  assert.deepEqual([code, stdout], [1, ''])
  assert.match(stderr, /No error/)
})

test('what is not understood ends with 2 and tells how to call it', async () => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['frobnicate'], /There is no "fairlead frobnicate"/],
    [['credentials', 'frob'], /credentials remove/],
    [['keys'], /keys rotate/],
    [['verify'], /It needs <credential>/],
    [['verify', 'a', '--loud'], /'--loud'/],
    [['raw', 'accounts'], /--credential is missing/],
    [['types', '--tables', 'account'], /Neither --credential nor --metadata/],
    [['types', '--tables', 'a-b', '--metadata', 'x'], /"a-b" is no name of a table/],
    [['types', '--tables', 'a', '--metadata', 'no-file'], /"no-file", which is no file/],
    [['credentials', '--hub', 'nonsense'], /not the address of a hub/],
    [['credentials', '--hub', 'http://hub.example'], /in clear/],
    [['credentials', '--hub', 'https://hub.example'], /FAIRLEAD_API_KEY is not set/],
  ]
  const endings = await Promise.all(wrong.map(([words]) => fairlead(words, env)))
  for (const [index, { code, stdout, stderr }] of endings.entries()) {
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, wrong[index]?.[1] ?? /never/)
  }
})

test('with --json a failure is JSON on stdout too', async () => {
  const { code, stdout } = await fairlead(['--json', 'verify'], env)
  assert.equal(code, 2)
  assert.equal(JSON.parse(stdout).error.code, 'usage')
})

test('a hub that is not there is named', async () => {
  const words = ['credentials', '--hub', 'http://127.0.0.1:1']
  const { code, stderr } = await fairlead(words, { ...env, FAIRLEAD_API_KEY: 'flk_x' })
  assert.equal(code, 1)
  assert.match(stderr, /The hub at http:\/\/127\.0\.0\.1:1 does not answer/)
})

test('a setting that cannot be used is named', async () => {
  const { code, stderr } = await fairlead(['serve'], { ...env, FAIRLEAD_PORT: 'many' })
  assert.equal(code, 1)
  assert.match(stderr, /The setting FAIRLEAD_PORT cannot be used/)
})

test('the sandbox ends with the command that started it, even when that is killed', async () => {
  const running = startFairlead(['sandbox', '--port', '0', '--rows', '5', '--json'], env)
  const [, adminUrl = ''] = await running.seen(/"adminUrl":"([^"]+)"/)
  running.process.kill('SIGKILL')
  await running.ended()
  await assert.rejects(fetch(new URL('/state', adminUrl)))
})
