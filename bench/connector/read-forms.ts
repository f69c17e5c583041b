import { type Entry, findEntry } from '../../src/connector/index.ts'
import { createDiskCache } from '../../src/dataverse/index.ts'
import { systemClock, systemRandom } from '../../src/kernel/index.ts'
import { startSandboxClient } from '../../test/dataverse/sandbox-client.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'

// Reads whole forms against a sandbox with a real organization's tables, in a process of its own: cold, and
// out of the cache on disk. Prints what it took.

/** What the forms took, in ms, the most memory that was resident, and the size of the longest form. */
export interface FormsTaken {
  readonly coldTables: number
  readonly warmTables: number
  readonly coldForm: number
  readonly warmForm: number
  readonly peakMb: number
  readonly kilobytes: number
}

const schema = new URL('../../sandbox/test/data/organization.edmx.gz', import.meta.url).pathname
const ends: (() => Promise<void>)[] = []
const started = await startSandboxClient({ after: (end) => ends.push(end) }, { rows: 1, schema })
await using folder = await temporaryFolder()
// Each as a new process would have it: nothing is kept but the files.
const open = () => {
  const cache = { folder: folder.path, clock: systemClock, random: systemRandom }
  const options = { metadataCache: createDiskCache(cache) }
  return started.clientOf(started.sandbox.description.orgUrl, options)
}
// The token and the connection are there before.
await started.client.whoAmI()
const upsert = entryOf('upsertObject')
const config = { objectType: 'account' }
const tables = () =>
  upsert.options('objectType', { config: {}, dataverse: open(), search: 'acc', limit: 100 })
// All that one table's form asks: what rows are named by, what comes in, what comes out.
const form = async () => {
  const dataverse = open()
  return [
    await upsert.options('idToSearchOn', { config, dataverse, limit: 100 }),
    await upsert.inputSchema({ config, dataverse }),
    await upsert.outputSchema({ config, dataverse }),
  ]
}
const taken: FormsTaken = {
  coldTables: await msOf(tables),
  warmTables: await msOf(tables),
  coldForm: await msOf(form),
  warmForm: await msOf(form),
  peakMb: process.resourceUsage().maxRSS / 1_024,
  kilobytes: Buffer.byteLength(JSON.stringify(await form())) / 1_024,
}
process.stdout.write(`${JSON.stringify(taken)}\n`)
for (const end of ends.toReversed()) await end()

function entryOf(name: string): Entry {
  const entry = findEntry(name)
  if (entry === undefined) throw new Error(`there is no ${name}`)
  return entry
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}
