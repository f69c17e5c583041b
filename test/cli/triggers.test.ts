import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fairlead, startFairlead } from '../support/command-line.ts'
import { startServedHub, done as succeed } from '../support/served-hub.ts'

const { env, url, connectApp } = await startServedHub(test, { rows: 20 })
await connectApp('CRM')
const key = await succeed(['api-keys', 'add', 'cli', '--scopes', 'manage'], env)
const remote = { ...env, FAIRLEAD_HUB: url, FAIRLEAD_API_KEY: key }
// A hub that runs answers in a third of the time that a command needs to start one.
const done = (...words: readonly string[]) => succeed(words, remote)

const linesOf = (text: string) =>
  text === '' ? [] : text.split('\n').map((line) => JSON.parse(line))

test('a polling trigger is kept, run and read without anything but the command line', async () => {
  const config = JSON.stringify({ objectType: 'account', emitBehavior: 'emitIndividually' })
  const entry = ['--credential', 'CRM', '--trigger', 'getNewAndUpdatedObjectsPolling']
  const made = JSON.parse(
    await done('triggers', 'add', 'Accounts', ...entry, '--config', config, '--json'),
  )
  assert.deepEqual([made.name, made.state, made.kind], ['Accounts', 'active', 'polling'])
  assert.match(await done('triggers', 'run', 'Accounts'), /^Outputs stored: 20\.$/)
  const again = JSON.parse(await done('triggers', 'run', 'accounts', '--json'))
  assert.equal(again.stored, 0)
  const all = linesOf(await done('triggers', 'outputs', 'Accounts'))
  assert.equal(all.length, 20)
  assert.ok(all.every(({ body, id }) => id.includes(body.accountid)))
  const rest = linesOf(
    await done('triggers', 'outputs', 'Accounts', '--after', String(all[9].sequence)),
  )
  assert.deepEqual(rest, all.slice(10))
  const few = linesOf(await done('triggers', 'outputs', 'Accounts', '--limit', '3'))
  assert.deepEqual(few, all.slice(0, 3))
  const shown = await done('triggers', 'show', made.id.slice(0, 8))
  assert.match(shown, /^last run +done, .+ UTC, stored 0$/m)
})

test('a trigger is paused, resumed and removed by its name', async () => {
  assert.match(await done('triggers', 'pause', 'Accounts'), /^state +paused$/m)
  const refused = await fairlead(['triggers', 'run', 'Accounts'], env)
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /trigger_paused/)
  const [listed] = JSON.parse(await done('triggers', 'list', '--json'))
  assert.equal(listed.state, 'paused')
  assert.match(await done('triggers', 'resume', 'Accounts'), /^state +active$/m)
  assert.equal(await done('triggers', 'remove', 'Accounts'), 'Removed Accounts.')
  assert.match(await done('triggers'), /No trigger is kept yet/)
})

test('a webhook is enabled on a hub that runs, and followed as it is told', async () => {
  const config = JSON.stringify({ objectType: 'account', onCreate: true })
  const entry = ['--credential', 'CRM', '--trigger', 'webhookTrigger', '--config', config]
  await done('triggers', 'add', 'Told', ...entry)
  const here = await fairlead(['triggers', 'enable', 'Told'], env)
  assert.equal(here.code, 2)
  assert.match(here.stderr, /ends with the command/)
  const enabled = await done('triggers', 'enable', 'Told')
  assert.match(enabled, /^enabled +yes$/m)
  const following = startFairlead(['triggers', 'outputs', 'Told', '--follow'], remote)
  const data = JSON.stringify({ name: 'Told of' })
  await done('raw', 'accounts', '--credential', 'CRM', '--method', 'POST', '--data', data)
  const [line] = await following.seen(/^\{.+"Told of".+\}$/m)
  assert.equal(JSON.parse(line).body.event, 'create')
  following.process.kill('SIGINT')
  assert.equal((await following.ended()).code, 130)
  assert.match(await done('triggers', 'disable', 'Told'), /^enabled +no$/m)
  await done('triggers', 'remove', 'Told')
})

test('what cannot be is said before anything is asked', async () => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['triggers', 'add', 'X'], /--credential is missing/],
    [['triggers', 'add', 'X', '--credential', 'CRM'], /--trigger is missing/],
    [['triggers', 'outputs', 'X', '--after', 'then'], /"then", which is no whole number/],
    [['triggers', 'outputs', 'X', '--follow', '--limit', '1'], /--follow has no end/],
    [['triggers', 'frob'], /triggers remove/],
  ]
  for (const [words, why] of wrong) {
    const { code, stderr } = await fairlead(words, env)
    assert.equal(code, 2)
    assert.match(stderr, why)
  }
  const { code, stderr } = await fairlead(['triggers', 'show', 'Nothing'], env)
  assert.equal(code, 1)
  assert.match(stderr, /There is no trigger "Nothing"/)
})
