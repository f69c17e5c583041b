import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fairlead, settings, startFairlead } from '../support/command-line.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = await temporaryFolder()
const env = settings(folder.path)
const hub = startFairlead(['serve', '--json'], env)
const [, url = ''] = await hub.seen(/"url":"([^"]+)"/)
const [, setUp = ''] = await hub.seen(/open (\S+\/setup\/\S+)/)
const secret = 'a-secret-of-nobody~1234567890'
test.after(async () => {
  hub.process.kill('SIGKILL')
  await hub.ended()
  await folder[Symbol.asyncDispose]()
})

test('Auth Clients are stored, shown, changed and removed', async () => {
  const tenant = 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/oauth2'
  const add = ['auth-clients', 'add', 'Shop', '--client-id', '0f8fad5b-d9cb-469f-a165-70867728950e']
  const endpoints = [
    ...['--authorization-endpoint', `${tenant}/authorize`, '--token-endpoint', `${tenant}/token`],
    ...['--secret-expires', '2028-01-31', '--json'],
  ]
  const made = await fairlead([...add, ...endpoints], env, `${secret}\n`)
  assert.equal(made.code, 0, made.stderr)
  assert.equal(JSON.parse(made.stdout).authClient.secrets[0].expiresAt.slice(0, 10), '2028-01-31')
  assert.ok(!made.stdout.includes(secret))
  const edited = await fairlead(['auth-clients', 'edit', 'Shop', '--name', 'Store'], env)
  assert.match(edited.stdout, /^name +Store$/m)
  const used = await fairlead(['auth-clients', 'where-used', 'Store', '--json'], env)
  assert.deepEqual(JSON.parse(used.stdout), [])
})

test('keys are rotated while the hub runs, which goes on reading what was sealed', async () => {
  const { code, stdout } = await fairlead(['keys', 'rotate', '--json'], env)
  assert.equal(code, 0)
  const { keyId } = JSON.parse(stdout)
  assert.ok(readFileSync(join(folder.path, 'keys/encryption.keys'), 'utf8').includes(`${keyId}:`))
  const promoted = await fairlead(
    ['auth-clients', 'next-secret', 'Store', '--json'],
    env,
    'another-secret-of-nobody\n',
  )
  assert.equal(promoted.code, 0, promoted.stderr)
  assert.equal(JSON.parse(promoted.stdout).secrets.length, 2)
})

test('a hub elsewhere is asked with an API key that may do no more than it says', async () => {
  const made = await fairlead(['api-keys', 'add', 'ci', '--scopes', 'read'], env)
  const remote = {
    PATH: env['PATH'] ?? '',
    FAIRLEAD_API_KEY: made.stdout.trim(),
    FAIRLEAD_HUB: url,
  }
  const [read, removal, stranger] = await Promise.all([
    fairlead(['auth-clients', '--json'], remote),
    fairlead(['auth-clients', 'remove', 'Store'], remote),
    fairlead(['auth-clients'], { ...remote, FAIRLEAD_API_KEY: 'flk_wrong' }),
  ])
  assert.equal(JSON.parse(read.stdout)[0].name, 'Store')
  assert.match(removal.stderr, /scope_missing/)
  assert.match(stranger.stderr, /not_signed_in/)
})

test('a command leaves no API key of its own behind', async () => {
  const { stdout } = await fairlead(['api-keys', 'list', '--json'], env)
  const names = JSON.parse(stdout).map(({ name }: { name: string }) => name)
  assert.deepEqual(names.sort(), ['Command line', 'ci'])
})

test('a lost password is replaced by a link that works once', async () => {
  const token = setUp.split('/').at(-1) ?? ''
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ token, name: 'ada', password: 'a long enough pass phrase' })
  const answer = await fetch(new URL('/api/v1/setup', url), { method: 'POST', headers, body })
  assert.equal(answer.status, 201, await answer.text())
  const { code, stdout } = await fairlead(['users', 'reset', 'ada', '--json'], env)
  assert.equal(code, 0)
  assert.match(JSON.parse(stdout).link, /\/setup\/\S+$/)
})

test('a taken port is named, with what to do', async () => {
  const taken = { ...env, FAIRLEAD_PORT: new URL(url).port }
  const { code, stderr } = await fairlead(['serve'], taken)
  assert.equal(code, 1)
  assert.match(stderr, /port_in_use/)
})

test('the hub ends with 0 when it is stopped, and takes its database along', async () => {
  const pidFile = join(folder.path, 'postgres/data/postmaster.pid')
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  hub.process.kill('SIGINT')
  assert.equal((await hub.ended()).code, 0)
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
})
