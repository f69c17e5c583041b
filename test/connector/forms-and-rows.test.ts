import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { findEntry } from '../../src/connector/index.ts'
import { createMetadataCache } from '../../src/dataverse/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { readableTables, rowsOf, startRealOrganization, writeAll } from './generated-rows.ts'
import { runEntry } from './run-entry.ts'
import { type Flaw, flawsOf, told } from './strict-schema.ts'

// What forms promise, held against every table of two organizations: what fits the input schema is written,
// or refused for a reason that no schema can state; what comes out is as the output schema says.

test('in an organization with its own tables, what fits a form is written and comes out as described', async (t) => {
  const { clientOf, sandbox } = await startSandboxClient({ after }, { rows: 20 })
  const metadataCache = createMetadataCache({ maxEntries: 100 })
  const client = clientOf(sandbox.description.orgUrl, { metadataCache })
  const tables = await readableTables(client)
  const rows = await rowsOf(client, tables)
  const tally = await writeAll(client, tables, rows, { numRuns: 8 })
  t.diagnostic(`${tally.written} written; ${JSON.stringify(Object.fromEntries(tally.refused))}`)
  const refused = [...tally.refused.values()].reduce((sum, count) => sum + count, 0)
  assert.ok(tally.written > 2 * refused, `${tally.written} written, ${refused} refused`)

  for (const { logicalName, primaryIdColumn = '', changeTracking } of tables) {
    await t.test(`rows of ${logicalName} come out as every entry describes them`, async () => {
      const missing = new Set<string>()
      const { columns } = await client.metadata.table(logicalName)
      const dated = columns.some((column) => column.logicalName === 'modifiedon')
      for (const [name, config] of Object.entries(READERS)) {
        if (name.endsWith('Polling') && !dated) continue
        if (name === 'getChanges' && !changeTracking) continue
        const own = { objectType: logicalName, ...config }
        const form = { config: own, dataverse: client }
        const described = await findEntry(name)?.outputSchema(form)
        const bodies = await runEntry(client, name, own, {})
        const flaws = bodies.flatMap((body) => flawsOf(body, described))
        assert.equal(flaws.length, 0, told(flaws, name))
        for (const one of promisedInVain(described, bodies)) missing.add(`${name} ${one}`)
      }
      assert.deepEqual([...missing], [])
      const [id] = rows.get(logicalName) ?? []
      if (id === undefined) return
      const config = { objectType: logicalName, lookupCriteria: primaryIdColumn }
      const found = await runEntry(client, 'lookupObject', config, { lookupCriteriaValue: id })
      const described = await findEntry('lookupObject')?.outputSchema({ config, dataverse: client })
      const flaws: readonly Flaw[] = found.flatMap((body) => flawsOf(body, described))
      assert.equal(flaws.length, 0, told(flaws, 'lookupObject'))
    })
  }
})

const READERS: Readonly<Record<string, object>> = {
  lookupObjects: { emitBehavior: 'emitPage' },
  lookupObjectsDeprecated: { emitBehavior: 'emitIndividually' },
  getNewAndUpdatedObjectsPolling: { emitBehavior: 'emitIndividually' },
  getChanges: { emitBehavior: 'emitPage' },
}

/** Properties that no row has, whatever its values: rows have their empty columns too. */
function promisedInVain(described: unknown, bodies: readonly unknown[]): readonly string[] {
  const { properties } = Object(described)
  const { results } = properties
  const item = results?.items.properties ?? properties
  const promised = Object.keys(item.row?.properties ?? item)
  const rows = bodies
    .flatMap((body) => Object(body).results ?? [body])
    .map((one) => Object(one).row ?? one)
  if (rows.length === 0) return []
  return promised.filter((name) => !rows.some((row) => name in Object(row)))
}

test('whatever a row can be looked up by takes the values that rows have, and finds them', async (t) => {
  const { clientOf, sandbox } = await startSandboxClient(t, { rows: 10 })
  const metadataCache = createMetadataCache({ maxEntries: 100 })
  const client = clientOf(sandbox.description.orgUrl, { metadataCache })
  for (const objectType of ['account', 'contact', 'task', 'systemuser']) {
    const config = { objectType }
    const [row] = await runEntry(client, 'lookupObjects', config, {})
    const context = { config, dataverse: client, limit: 1000 }
    const options = (await findEntry('lookupObject')?.options('lookupCriteria', context)) ?? []
    let found = 0
    for (const { value: lookupCriteria } of options) {
      const own = { ...config, lookupCriteria }
      const value = Object(row)[lookupCriteria] ?? Object(row)[`_${lookupCriteria}_value`]
      if (value === undefined || value === null) continue
      const described = await findEntry('lookupObject')?.inputSchema({ ...context, config: own })
      const input = { lookupCriteriaValue: value }
      const flaws = flawsOf(input, described)
      assert.equal(flaws.length, 0, told(flaws, `${objectType} by ${lookupCriteria}`))
      const outcome = await runEntry(client, 'lookupObject', own, input).catch(
        (error) => error.code,
      )
      if (outcome !== 'several_objects_found') {
        assert.deepEqual(outcome, [row], `${objectType} by ${lookupCriteria}`)
        found += 1
      }
    }
    assert.ok(found > 1, `${objectType} was found by ${found}`)
  }
})

// A sixth of them; the soak takes all.
test('in a real organization, what fits a form is written and comes out as described', async (t) => {
  const { client, tables, rows } = await startRealOrganization({ after })
  assert.ok(tables.length > 700)
  const some = tables.filter((_, index) => index % 6 === 0)
  const tally = await writeAll(client, some, rows, { numRuns: 1 })
  t.diagnostic(`${tally.written} written; ${JSON.stringify(Object.fromEntries(tally.refused))}`)
  assert.ok(tally.written > 80, `${tally.written} written`)
})
