import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

function launch(t: TestContext, args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [MAIN, '--json', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  return child
}

async function firstLine(child: ChildProcess): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of child.stdout ?? []) {
    text += chunk
    if (text.endsWith('\n')) break
  }
  return JSON.parse(text)
}

test('the program prints one line with all that is needed, and SIGTERM ends it cleanly', async (t) => {
  const child = launch(t, [])
  const line = await firstLine(child)
  for (const name of [
    'orgUrl',
    'apiUrl',
    'authority',
    'tenantId',
    'clientId',
    'clientSecret',
    'adminUrl',
  ]) {
    assert.equal(typeof line[name], 'string', name)
  }
  assert.equal(line['apiUrl'], `${line['orgUrl']}/api/data/v9.2`)
  assert.equal((await fetch(`${line['authority']}/common/discovery/keys`)).status, 200)
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
})

test('--exit-with-parent ends it when standard input ends, its temporary CA removed', async (t) => {
  const child = launch(t, ['--exit-with-parent', '--https'])
  const line = await firstLine(child)
  const caFile = String(line['caFile'])
  assert.ok(existsSync(caFile))
  child.stdin?.end()
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
  assert.equal(existsSync(caFile), false)
})

test('a wrong argument gets one clear line', async (t) => {
  const child = launch(t, ['--port', 'http'])
  let text = ''
  child.stderr?.on('data', (chunk) => {
    text += chunk
  })
  const [code] = await once(child, 'exit')
  assert.equal(code, 1)
  assert.equal(
    text,
    "fairlead-sandbox: --port must be a whole number from 0 to 65535, not 'http'.\n",
  )
})

test('--switches takes the switches of a file, and says which of them nobody knows', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-test-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'switches.json')
  writeFileSync(file, JSON.stringify({ idOrder: 'text' }))
  const line = await firstLine(launch(t, ['--switches', file, '--rows', '1']))
  const organization = await fetch(`${line['adminUrl']}/organizations/orgfb974624`)
  assert.equal(JSON.parse(await organization.text()).switches.idOrder, 'text')
  writeFileSync(file, JSON.stringify({ idOrders: 'text' }))
  let text = ''
  for await (const chunk of launch(t, ['--switches', file]).stderr ?? []) text += chunk
  assert.match(
    text,
    /^fairlead-sandbox: The switches has no property 'idOrders'\. It knows: skip, /,
  )
})

test('--schema serves the tables of a document, and says what is wrong with another file', async (t) => {
  const file = fileURLToPath(new URL('data/organization.edmx.gz', import.meta.url))
  const child = launch(t, ['--schema', file, '--rows', '1'])
  assert.equal(typeof (await firstLine(child))['orgUrl'], 'string')
  child.kill('SIGTERM')
  const wrong = launch(t, ['--schema', MAIN])
  let text = ''
  for await (const chunk of wrong.stderr ?? []) text += chunk
  assert.match(text, /^fairlead-sandbox: The schema cannot be used: .+\n$/)
})
