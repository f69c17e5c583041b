import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { buildComponent, builtComponent } from '../../../scripts/build-component.ts'
import { callService, startPlatform } from '../../component/platform.ts'
import { startSandboxClient } from '../../dataverse/sandbox-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const run = promisify(execFile)
const INSTALL_MS = 240_000
const OFFLINE = ['--prefer-offline', '--no-audit', '--no-fund']

const { sandbox, token } = await startSandboxClient({ after }, { rows: 5 })
const platform = await startPlatform({ after })
const folder = await temporaryFolder()
after(() => folder[Symbol.asyncDispose]())
assert.equal(await buildComponent(), true)
const { stdout } = await run('npm', ['pack', '--pack-destination', folder.path, '--silent'], {
  cwd: builtComponent,
})
const tarball = join(folder.path, stdout.trim().split('\n').at(-1) ?? '')
await run('tar', ['-xzf', tarball, '-C', folder.path])
const unpacked = join(folder.path, 'package')
// As the platform builds its images.
await run('npm', ['install', '--omit=dev', ...OFFLINE], { cwd: unpacked, timeout: INSTALL_MS })

test('the package that npm packed runs from an empty folder, on its own runtime', async () => {
  const { orgUrl } = sandbox.description
  const configuration = { oauth: { access_token: token.value.reveal() }, baseUrl: orgUrl }
  const call = { configuration, allowedOrigins: [orgUrl], root: unpacked }
  const verified = await callService(unpacked, platform, { ...call, method: 'verifyCredentials' })
  assert.deepEqual([verified.status, verified.data], ['success', { verified: true }])
  const form = await callService(unpacked, platform, {
    ...{ ...call, method: 'getMetaModel', entry: 'lookupObject' },
    configuration: { ...configuration, objectType: 'account', lookupCriteria: 'name' },
  })
  assert.equal(form.data.out.properties.name.type, 'string')
})

test('the package has the platform’s files at its root, and a module for every entry', async () => {
  const names = await readdir(unpacked)
  for (const name of ['component.json', 'logo.png', 'README.md', 'verifyCredentials.js'])
    assert.ok(names.includes(name), name)
  const { triggers, actions } = JSON.parse(await readFile(join(unpacked, 'component.json'), 'utf8'))
  const mains = Object.values<{ main: string }>({ ...triggers, ...actions })
  for (const { main } of mains) assert.ok((await readFile(join(unpacked, main), 'utf8')) !== '')
})

test('the dependencies of the runtime with known advisories are the overridden ones', async () => {
  const { overrides } = JSON.parse(await readFile(join(unpacked, 'package.json'), 'utf8'))
  for (const [name, wanted] of Object.entries(overrides)) {
    const file = join(unpacked, 'node_modules', name, 'package.json')
    assert.equal(JSON.parse(await readFile(file, 'utf8')).version, wanted, name)
  }
})
