import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { buildComponent, builtComponent } from '../../../scripts/build-component.ts'
import { everyEntry, goThroughForm } from '../../component/every-form.ts'
import { callService, type ServiceCall, startPlatform } from '../../component/platform.ts'
import { startSandboxClient } from '../../dataverse/sandbox-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const run = promisify(execFile)
const INSTALL_MS = 240_000
// Questions at once: more would wait for a processor.
const TWO = { concurrency: 2 }
const OFFLINE = ['--prefer-offline', '--no-audit', '--no-fund']

const { sandbox, token } = await startSandboxClient({ after }, { rows: 5 })
const platform = await startPlatform({ after })
const folder = await temporaryFolder()
after(() => folder[Symbol.asyncDispose]())
await buildComponent()
const { stdout } = await run('npm', ['pack', '--pack-destination', folder.path, '--silent'], {
  cwd: builtComponent,
})
const tarball = join(folder.path, stdout.trim().split('\n').at(-1) ?? '')
await run('tar', ['-xzf', tarball, '-C', folder.path])
const unpacked = join(folder.path, 'package')
// As the platform builds its images.
await run('npm', ['install', '--omit=dev', ...OFFLINE], { cwd: unpacked, timeout: INSTALL_MS })

const versionOf = async (name: string): Promise<string> =>
  JSON.parse(await readFile(join(unpacked, 'node_modules', name, 'package.json'), 'utf8')).version

const call = (question: Omit<ServiceCall, 'allowedOrigins'>) =>
  callService(unpacked, platform, {
    ...question,
    configuration: {
      oauth: { access_token: token.value.reveal() },
      baseUrl: sandbox.description.orgUrl,
      ...question.configuration,
    },
    allowedOrigins: [sandbox.description.orgUrl],
    root: unpacked,
  })

test('the package that npm packed verifies a credential from an empty folder, on its own runtime', async () => {
  const { status, data } = await call({ method: 'verifyCredentials', configuration: {} })
  assert.deepEqual([status, data], ['success', { verified: true }])
})

test(
  'every form and dropdown of the package is answered, each question by a process',
  TWO,
  async (t) => {
    await Promise.all(
      everyEntry.map((entry) => t.test(entry.name, () => goThroughForm(entry, call))),
    )
  },
)

test('the package has the platform’s files at its root, a module for every entry, and nothing else', async () => {
  const { triggers, actions } = JSON.parse(await readFile(join(unpacked, 'component.json'), 'utf8'))
  const entries = Object.values<{ main: string }>({ ...triggers, ...actions })
  const wanted = [
    ...['LICENSE', 'NOTICE', 'README.md', 'TRIGGERS-AND-ACTIONS.md', 'logo.png', 'package.json'],
    ...['component.json', 'verifyCredentials.js', 'lib/component.js'],
    ...entries.map(({ main }) => main.replace('./', '')),
  ]
  const { stdout } = await run('tar', ['-tzf', tarball])
  const packed = stdout.trim().split('\n')
  assert.deepEqual(packed.toSorted(), wanted.map((path) => `package/${path}`).toSorted())
})

test('what Node has compiled is kept, and the stack of an error has the names of functions', async () => {
  const { status, log } = await call({
    ...{ method: 'getMetaModel', entry: 'lookupObject' },
    configuration: {
      baseUrl: 'https://example.com',
      objectType: 'account',
      lookupCriteria: 'name',
    },
  })
  assert.equal(status, 'error')
  assert.match(log, /at refused \([^)]*component\.js:\d+/)
  const kept = join(unpacked, `fairlead-component-${process.getuid?.()}`, 'compiled')
  const files = await readdir(kept, { recursive: true, withFileTypes: true })
  assert.ok(files.filter((file) => file.isFile()).length > 90)
})

test('the dependencies of the runtime with known advisories are the overridden ones', async () => {
  const { overrides } = JSON.parse(await readFile(join(unpacked, 'package.json'), 'utf8'))
  for (const [name, wanted] of Object.entries(overrides))
    assert.equal(await versionOf(name), wanted, name)
  // These come by ranges that begin below what is mended.
  const mended = { axios: '1.12.0', jws: '4.0.1', minimatch: '3.0.5' }
  for (const [name, least] of Object.entries(mended)) {
    const order = least.localeCompare(await versionOf(name), 'en', { numeric: true })
    assert.ok(order <= 0, `${name} ${await versionOf(name)}`)
  }
})
