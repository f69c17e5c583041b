import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startSandbox } from '../support/sandbox.ts'

const root = new URL('../../', import.meta.url)
// Not below a folder of packages, where Node strips no types.
const folder = new URL('build/guide/', root)

const sandbox = await startSandbox({ rows: 5 })
after(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

/** The first program of the guide, over the sources in place of the package. */
async function programOfGuide(): Promise<string> {
  const guide = await readFile(new URL('docs/dataverse-client.md', root), 'utf8')
  const [, program = ''] = /^```ts\n([\s\S]*?)^```/m.exec(guide) ?? []
  return program.replace(/from 'fairlead\/(\w+)'/g, "from '../../src/$1/index.ts'")
}

test('the guide’s whole program does what the guide says', async () => {
  const { orgUrl, authority, tenantId, clientId, clientSecret } = sandbox.description
  await mkdir(folder, { recursive: true })
  const file = new URL('program.ts', folder)
  await writeFile(file, await programOfGuide())
  const env = {
    CRM_URL: orgUrl,
    TOKEN_URL: `${authority}/${tenantId}/oauth2/v2.0/token`,
    CLIENT_ID: clientId,
    CLIENT_SECRET: clientSecret,
    LOCAL_ORIGIN: orgUrl,
  }
  const run = () => promisify(execFile)(process.execPath, [fileURLToPath(file)], { env })
  assert.equal((await run()).stdout, 'Contoso was created\nContoso\n')
  assert.equal((await run()).stdout, 'Contoso was updated\nContoso\n')
})
