import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { createDiskCache, resolveType } from '../../src/dataverse/index.ts'
import { systemClock, systemRandom } from '../../src/kernel/index.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startSandboxClient } from './sandbox-client.ts'

const schema = new URL('../../sandbox/test/data/organization.edmx.gz', import.meta.url).pathname
const { client, clientOf, sandbox } = await startSandboxClient({ after }, { rows: 1, schema })
const { orgUrl } = sandbox.description

test('the document of an organization with hundreds of tables is read as a model', async () => {
  const model = await client.metadata.model()
  assert.ok(model.entityTypes.size > 800)
  const contact = resolveType(model, 'contact')
  assert.ok(contact.navigation.some(({ name }) => name === 'parentcustomerid_account'))
  const picked = await client.metadata.model({ tables: ['account'] })
  assert.deepEqual([...picked.entitySets.keys()], ['accounts'])
})

test('a definition agrees with the document, column by column', async () => {
  const model = resolveType(await client.metadata.model({ tables: ['contact'] }), 'contact')
  const table = await client.metadata.table('contact')
  const lookups = table.columns.flatMap(({ navigation }) => navigation ?? [])
  const ways = new Set(model.navigation.map(({ name, target }) => `${name} ${target}`))
  for (const { property, target } of lookups) {
    // An owner is a principal in the document.
    if (target !== 'owner') assert.ok(ways.has(`${property} ${target}`), `${property} ${target}`)
  }
  assert.ok(lookups.length > 5)
})

test('a new column is known after one small question, over a restart', async () => {
  await using folder = await temporaryFolder()
  const clock = new FakeClock(systemClock.now())
  const open = () => {
    const metadataCache = createDiskCache({ folder: folder.path, clock, random: systemRandom })
    const eager = { now: () => clock.now(), sleep: async () => undefined }
    return clientOf(orgUrl, { clock: eager, metadataCache }).metadata
  }
  const names = async () => (await open().table('account')).columns.map((one) => one.logicalName)
  assert.ok(!(await names()).includes('new_harbour'))
  const column = { name: 'new_harbour', type: 'String', label: 'Harbour', maxLength: 40 }
  const [organization] = sandbox.description.organizations
  const place = `organizations/${organization?.uniqueName}/tables/account/columns`
  await sandbox.admin(place, 'POST', column)
  assert.ok(!(await names()).includes('new_harbour'))
  clock.advance(61_000)
  await names()
  for (let tries = 0; !(await names()).includes('new_harbour'); tries += 1) {
    assert.ok(tries < 10_000, 'the column did not arrive')
    await setImmediate()
  }
  const found = (await open().table('account')).columns.find(
    ({ logicalName }) => logicalName === 'new_harbour',
  )
  assert.deepEqual([found?.label, found?.maxLength, found?.type], ['Harbour', 40, 'string'])
})
