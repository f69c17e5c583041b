import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { findEntry } from '../../src/connector/index.ts'
import {
  createMetadataCache,
  type DataverseClient,
  DataverseError,
  InvalidRow,
  type TableSummary,
} from '../../src/dataverse/index.ts'
import { isObject } from '../../src/kernel/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { type Rows, valuesOf } from './form-values.ts'
import { runEntry } from './run-entry.ts'
import { type Flaw, flawsOf, schemaFlaws, told } from './strict-schema.ts'

// What forms promise, held against every table of two organizations: what fits the input schema is written,
// or refused for a reason that no schema can state; what comes out is as the output schema says.

const schema = new URL('../../sandbox/test/data/organization.edmx.gz', import.meta.url).pathname

/** Why the client or the service refuses what fits the form. */
const REASONS: Readonly<Record<string, RegExp>> = {
  'the row that a lookup names does not exist': /With Id = \S+ Does Not Exist/,
  'its table has no such alternate key': /^these columns are no alternate key of/,
  'dates begin with 1753': /^it is too early/,
  'only rows that are there take the column': /^it can be written only when the row is there/,
  'more digits than the column keeps': /^it has more digits after the point/,
  'characters beyond U+FFFF count twice': /^it has \d+ characters/,
  'bytes that are no image': /Error occured when processing image/,
  'only the table’s own image can be created along': /Non-primary image attribute/,
  'the status belongs to another state': /^the status does not belong to the state/,
  'the table is not written so': /MessageProcessor\.Empty/,
  'a webhook’s registration has rules of its own':
    /answered \w+ (serviceendpoints|sdkmessageprocessingsteps)\b/,
}

function reasonsOf(error: unknown): readonly string[] {
  const texts =
    error instanceof InvalidRow
      ? error.problems.map(({ problem }) => problem)
      : [error instanceof DataverseError ? error.message : String(error)]
  return texts.map((text) => {
    const found = Object.entries(REASONS).find(([, pattern]) => pattern.test(text))
    return found?.[0] ?? assert.fail(text)
  })
}

/** The ids of some rows of every table, for lookups to lead to. */
async function rowsOf(client: DataverseClient, tables: readonly TableSummary[]): Promise<Rows> {
  const found = new Map<string, readonly string[]>()
  for (const { logicalName, entitySetName = '', primaryIdColumn = '' } of tables) {
    const query = { select: [primaryIdColumn], top: 3 }
    for await (const { rows } of client.pages(entitySetName, query)) {
      found.set(
        logicalName,
        rows.map((row) => String(row[primaryIdColumn])),
      )
    }
  }
  return found
}

async function readableTables(client: DataverseClient): Promise<readonly TableSummary[]> {
  const tables = await client.metadata.tables()
  return tables.filter((table) => !table.intersect && table.entitySetName !== undefined)
}

interface Tally {
  written: number
  readonly refused: Map<string, number>
}

/** Writes what was generated, and checks what came out. */
async function writeAll(
  client: DataverseClient,
  { logicalName }: TableSummary,
  rows: Rows,
  tally: Tally,
  numRuns: number,
): Promise<void> {
  const form = { config: { objectType: logicalName }, dataverse: client }
  const input = await findEntry('upsertObject')?.inputSchema(form)
  const output = await findEntry('upsertObject')?.outputSchema(form)
  for (const [what, one] of Object.entries({ input, output })) {
    const flaws = schemaFlaws(one)
    assert.equal(flaws.length, 0, told(flaws, `the ${what} schema of ${logicalName}`))
  }
  assert.ok(isObject(input))
  // Required marks are for who creates rows; an update says only what changes.
  const loose = { ...input, anyOf: undefined }
  const property = fc.asyncProperty(valuesOf(loose, rows), async (value) => {
    const made = flawsOf(value, loose)
    assert.equal(made.length, 0, told(made, 'the generator keeps to the schema'))
    const written = await runEntry(client, 'upsertObject', form.config, value).catch(
      (error: unknown) => reasonsOf(error),
    )
    const [row] = written
    if (!isObject(row)) {
      for (const reason of written.map(String)) {
        tally.refused.set(reason, (tally.refused.get(reason) ?? 0) + 1)
      }
      return
    }
    tally.written += 1
    const flaws = flawsOf(row, output)
    assert.equal(flaws.length, 0, told(flaws, `a row of ${logicalName}`))
  })
  await fc.assert(property, { numRuns })
}

/** Does the work for all, a few at a time. */
async function forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<void>) {
  const left = [...items]
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }
  await Promise.all([worker(), worker(), worker(), worker()])
}

test('in an organization with its own tables, what fits a form is written and comes out as described', async (t) => {
  const { clientOf, sandbox } = await startSandboxClient({ after }, { rows: 20 })
  const metadataCache = createMetadataCache({ maxEntries: 100 })
  const client = clientOf(sandbox.description.orgUrl, { metadataCache })
  const tables = await readableTables(client)
  const rows = await rowsOf(client, tables)
  const tally: Tally = { written: 0, refused: new Map() }
  await forEach(tables, (table) => writeAll(client, table, rows, tally, 15))
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

test('in a real organization, what fits a form is written and comes out as described', async (t) => {
  const { clientOf, sandbox } = await startSandboxClient({ after }, { rows: 5, schema })
  const metadataCache = createMetadataCache({ maxEntries: 1000 })
  const client = clientOf(sandbox.description.orgUrl, { metadataCache })
  const tables = await readableTables(client)
  assert.ok(tables.length > 700)
  const known = tables.filter(({ logicalName }) => KNOWN.includes(logicalName))
  const rows = await rowsOf(client, known)
  const tally: Tally = { written: 0, refused: new Map() }
  await forEach(tables, (table) => writeAll(client, table, rows, tally, 1))
  t.diagnostic(`${tally.written} written; ${JSON.stringify(Object.fromEntries(tally.refused))}`)
  assert.ok(tally.written > 500, `${tally.written} written`)
})

const KNOWN = [
  'account',
  'businessunit',
  'contact',
  'lead',
  'opportunity',
  'systemuser',
  'task',
  'team',
  'transactioncurrency',
]
