import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Ended, fairlead, settings, startFairlead } from '../support/command-line.ts'
import { Person } from '../support/person.ts'
import { startSandbox } from '../support/sandbox.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = await temporaryFolder()
const sandbox = await startSandbox({ deviceInterval: 1 })
const { orgUrl, tenantId, clientId, clientSecret } = sandbox.description
const env = settings(folder.path, sandbox.description)
// A hub on the same data keeps the database up: each command beside it shares it.
const hub = startFairlead(['serve'], env)
await hub.seen(/listens at/)
const secretFile = join(folder.path, 'secret')
writeFileSync(secretFile, `${clientSecret}\n`)
test.after(async () => {
  hub.process.kill('SIGTERM')
  await hub.ended()
  await sandbox.close()
  await folder[Symbol.asyncDispose]()
})

test('an application user is connected and verified with one command', async () => {
  const proof = ['--client-id', clientId, '--secret-file', secretFile]
  const words = ['connect', `${orgUrl}/api/data`, '--app', '--name', 'Robot', '--json', ...proof]
  const { code, stdout, stderr } = await fairlead(words, env)
  assert.equal(code, 0, stderr)
  const { credential, verification } = JSON.parse(stdout)
  assert.deepEqual([credential.state, verification.verified], ['connected', true])
  assert.match(stderr, /✔ Organization and version/)
})

test('a person signs in at the address that is printed', async () => {
  const running = startFairlead(['connect', orgUrl, '--client-id', clientId], env)
  const [, url = ''] = await running.seen(/Sign in at (\S+)/)
  const person = new Person(sandbox.user('admin'))
  const ending = await person.visit(url)
  assert.ok(ending.kind === 'callback')
  await person.open(ending.url)
  const { code, stdout, stderr } = await running.ended()
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^127\.0\.0\.1:\d+ \(.+\): Verified in .+\n$/)
  assert.match(stderr, /Using the Auth Client/)
})

test('Ctrl-C while nobody has signed in yet ends with 130', async () => {
  const running = startFairlead(['connect', orgUrl, '--name', 'Patient'], env)
  await running.seen(/Sign in at/)
  running.process.kill('SIGINT')
  const { code, stdout, stderr } = await running.ended()
  assert.deepEqual([code, stdout], [130, ''])
  assert.match(stderr, /Stopped\.\n$/)
})

test('a sign-in that is cancelled ends with 4 and says what to do', async () => {
  const running = startFairlead(['connect', orgUrl, '--name', 'Shy'], env)
  const [, url = ''] = await running.seen(/Sign in at (\S+)/)
  const user = sandbox.user('member')
  const person = new Person({ ...user, signIn: 'cancel' })
  const ending = await person.visit(url)
  assert.ok(ending.kind === 'callback')
  await person.open(ending.url)
  const { code, stdout, stderr } = await running.ended()
  assert.equal(code, 4)
  assert.match(stdout, /^Not connected: Shy/)
  assert.match(stderr, /remedy/)
})

test('a device code is for public clients; for another app the remedy is told', async () => {
  const withApp = async (id: string): Promise<Ended> => {
    const words = ['connect', orgUrl, '--device-code', '--client-id', id, '--name', id]
    const running = startFairlead(words, env)
    const [, url = ''] = await running.seen(/Sign in at (\S+)/)
    const [, userCode = ''] = await running.seen(/enter the code (\S+)/)
    await new Person({ ...sandbox.user('admin'), userCode }).visit(url)
    return await running.ended()
  }
  const [native, confidential] = await Promise.all([
    withApp(sandbox.app('native').clientId),
    withApp(sandbox.app('consented').clientId),
  ])
  assert.equal(native.code, 0, native.stderr)
  assert.equal(confidential.code, 4)
  assert.match(confidential.stderr, /7000218/)
  assert.match(confidential.stderr, /Allow public client flows/)
})

test('a Client Id that was wrong leaves nothing in the way of the right one', async () => {
  const wrong = '11111111-2222-3333-4444-555555555555'
  const words = (id: string) => [
    'connect',
    orgUrl,
    '--app',
    '--name',
    'Again',
    '--client-id',
    id,
    '--secret-file',
    secretFile,
  ]
  const first = await fairlead(words(wrong), env)
  assert.equal(first.code, 4)
  assert.match(first.stderr, /knows no app with the id 11111111/)
  const second = await fairlead(words(clientId), env)
  assert.equal(second.code, 0, second.stderr)
  assert.equal((await fairlead(['credentials', 'show', 'Again'], env)).code, 0)
  await fairlead(['auth-clients', 'remove', `11111111 in ${tenantId.slice(0, 8)}`], env)
})

test('two of a name are told apart by their ids', async () => {
  const authClient = `${clientId.slice(0, 8)} in ${tenantId.slice(0, 8)}`
  const add = ['credentials', 'add', orgUrl, '--auth-client', authClient, '--name', 'Twin']
  const made = await Promise.all([fairlead(add, env), fairlead([...add, '--app'], env)])
  assert.deepEqual(
    made.map(({ code }) => code),
    [0, 0],
  )
  const { code, stderr } = await fairlead(['verify', 'Twin'], env)
  assert.equal(code, 1)
  assert.match(stderr, /"Twin" means 2 Credentials/)
})

test('a Credential that nobody signed in for is not verified: 3', async () => {
  const { code, stdout } = await fairlead(['credentials', 'test', 'Shy', '--json'], env)
  assert.equal(code, 3)
  assert.equal(JSON.parse(stdout).verified, false)
})

test('rows come as lines of JSON, and a reader that has enough stops the run', async () => {
  const config = JSON.stringify({ objectType: 'account', emitBehavior: 'emitIndividually' })
  const words = ['run', 'lookupObjects', '--credential', 'Robot', '--config', config]
  const rawWords = ['raw', 'WhoAmI', '--credential', 'Robot']
  const [all, raw] = await Promise.all([fairlead(words, env), fairlead(rawWords, env)])
  assert.equal(all.code, 0, all.stderr)
  assert.equal(JSON.parse(raw.stdout).statusCode, 200)
  assert.equal(
    all.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)).length,
    20,
  )
  const running = startFairlead(words, env)
  running.process.stdout?.destroy()
  const { code, stderr } = await running.ended()
  assert.deepEqual([code, stderr], [130, 'Stopped.\n'])
})

test('a trigger goes on from the place that its cursor file keeps', async () => {
  const config = JSON.stringify({ objectType: 'account', emitBehavior: 'emitIndividually' })
  const cursor = join(folder.path, 'accounts.cursor')
  const words = ['run', 'getNewAndUpdatedObjectsPolling', '--credential', 'Robot']
  const wish = [...words, '--config', config, '--cursor', cursor]
  const sample = await fairlead([...wish, '--sample'], env)
  assert.ok(sample.stdout.trim().split('\n').length < 20, sample.stderr)
  const first = await fairlead(wish, env)
  assert.equal(first.stdout.trim().split('\n').length, 20, first.stderr)
  const second = await fairlead(wish, env)
  assert.deepEqual([second.code, second.stdout], [0, ''])
  writeFileSync(cursor, '{"half')
  const broken = await fairlead(wish, env)
  assert.equal(broken.code, 2)
  assert.match(broken.stderr, /holds no checkpoint/)
})
