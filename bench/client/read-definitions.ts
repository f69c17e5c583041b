import { createDiskCache } from '../../src/dataverse/index.ts'
import { systemClock, systemRandom } from '../../src/kernel/index.ts'
import { startSandboxClient } from '../../test/dataverse/sandbox-client.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'

// Reads the definitions of a sandbox with a real organization's tables, in a process of its own: cold, and
// out of the cache on disk. Prints what it took.

/** What the reading took, in ms, and the most memory that was resident. */
export interface DefinitionsTaken {
  readonly coldList: number
  readonly warmList: number
  readonly coldTable: number
  readonly warmTable: number
  readonly peakMb: number
}

const schema = new URL('../../sandbox/test/data/organization.edmx.gz', import.meta.url).pathname
const ends: (() => Promise<void>)[] = []
const started = await startSandboxClient({ after: (end) => ends.push(end) }, { rows: 1, schema })
await using folder = await temporaryFolder()
// Each as a new process would have it: nothing is kept but the files.
const open = () => {
  const cache = { folder: folder.path, clock: systemClock, random: systemRandom }
  const options = { metadataCache: createDiskCache(cache) }
  return started.clientOf(started.sandbox.description.orgUrl, options).metadata
}
// The token and the connection are there before.
await started.client.whoAmI()
const taken: DefinitionsTaken = {
  coldList: await msOf(() => open().tables()),
  warmList: await msOf(() => open().tables()),
  coldTable: await msOf(() => open().table('account')),
  warmTable: await msOf(() => open().table('account')),
  peakMb: process.resourceUsage().maxRSS / 1_024,
}
process.stdout.write(`${JSON.stringify(taken)}\n`)
for (const end of ends.toReversed()) await end()

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}
