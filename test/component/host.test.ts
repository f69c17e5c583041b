import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { readEnvironment } from '../../component/src/environment.ts'
import { ComponentHost } from '../../component/src/host.ts'
import { isObject } from '../../src/kernel/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startPlatform } from './platform.ts'

const { sandbox, token } = await startSandboxClient({ after }, { rows: 1 })
const platform = await startPlatform({ after })
const folder = await temporaryFolder()
process.env['TMPDIR'] = folder.path
after(() => folder[Symbol.asyncDispose]())

const { orgUrl } = sandbox.description
const oauth = { access_token: token.value.reveal() }
for (const id of ['one', 'another']) {
  const credentials = { ...oauth, fields: { baseUrl: orgUrl } }
  platform.secrets.set(id, { credentials, reads: 0, refreshes: 0 })
}
const variables = { ...platform.variables(), FAIRLEAD_ALLOWED_ORIGINS: orgUrl }

/** Whether the service was asked for a table's definition in the name of this credential. */
async function asks(host: ComponentHost, configuration: Readonly<Record<string, unknown>>) {
  await sandbox.admin('/trace', 'DELETE')
  const { dataverse } = await host.open(configuration, {})
  await dataverse.metadata.table('account')
  const trace: unknown = await sandbox.admin('/trace')
  assert.ok(isObject(trace) || Array.isArray(trace))
  return /RetrieveMetadataChanges|EntityDefinitions/.test(JSON.stringify(trace))
}

test('definitions are kept for one credential, and are not those of another', async () => {
  const host = new ComponentHost(readEnvironment(variables))
  const account = (name: string) => ({ oauth, baseUrl: orgUrl, _account: name })
  for (const [one, another] of [
    [{ secretId: 'one' }, { secretId: 'another' }],
    [account('one'), account('another')],
  ] as const) {
    assert.equal(await asks(host, one), true)
    assert.equal(await asks(host, one), false)
    assert.equal(await asks(host, another), true)
  }
})

test('a credential that was cleared is none, and the token beside it is used', async () => {
  const host = new ComponentHost(readEnvironment(variables))
  await host.verify({ secretId: '', oauth, baseUrl: orgUrl }, {})
})
