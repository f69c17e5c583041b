import assert from 'node:assert/strict'
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
import { flawsOf, schemaFlaws, told } from './strict-schema.ts'

const schema = new URL('../../sandbox/test/data/organization.edmx.gz', import.meta.url).pathname

// Tables that have rows from the start, which lookups can lead to.
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

/** Starts a sandbox with a real organization's tables; some of them have rows. */
export async function startRealOrganization(t: { after(end: () => Promise<void>): void }) {
  const { clientOf, sandbox } = await startSandboxClient(t, { rows: 5, schema })
  const metadataCache = createMetadataCache({ maxEntries: 1000 })
  const client = clientOf(sandbox.description.orgUrl, { metadataCache })
  const tables = await readableTables(client)
  const known = tables.filter(({ logicalName }) => KNOWN.includes(logicalName))
  return { client, tables, rows: await rowsOf(client, known) }
}

/** Why the client or the service refuses what fits the form. */
const REASONS: Readonly<Record<string, RegExp>> = {
  'the row that a lookup names does not exist': /With Id = \S+ Does Not Exist/,
  'its table has no such alternate key': /^these columns are no alternate key of/,
  'dates begin with 1753': /^it is too early/,
  'only rows that are there take the column': /^it can be written only when the row is there/,
  'a whole number of more than 64 bits': /^it is out of range/,
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
export async function rowsOf(
  client: DataverseClient,
  tables: readonly TableSummary[],
): Promise<Rows> {
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

/** All tables that can be read, in the order of their names. */
export async function readableTables(client: DataverseClient): Promise<readonly TableSummary[]> {
  const tables = await client.metadata.tables()
  return tables.filter((table) => !table.intersect && table.entitySetName !== undefined)
}

/** What became of generated rows: how many were written, how many refused, by the reason. */
export interface Tally {
  written: number
  readonly refused: Map<string, number>
}

/** Writes so many rows of a table generated from its form, and checks what came out. */
async function writeRows(
  client: DataverseClient,
  { logicalName }: TableSummary,
  rows: Rows,
  tally: Tally,
  parameters: { readonly numRuns: number; readonly seed?: number },
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
  await fc.assert(property, parameters)
}

/** Writes so many rows of each table, a few tables at a time. */
export async function writeAll(
  client: DataverseClient,
  tables: readonly TableSummary[],
  rows: Rows,
  { numRuns, seed }: { readonly numRuns: number; readonly seed?: number },
): Promise<Tally> {
  const tally: Tally = { written: 0, refused: new Map() }
  const parameters = { numRuns, ...(seed === undefined ? {} : { seed }) }
  const left = [...tables]
  const worker = async () => {
    for (let table = left.shift(); table !== undefined; table = left.shift())
      await writeRows(client, table, rows, tally, parameters)
  }
  await Promise.all([worker(), worker(), worker(), worker()])
  return tally
}
