import { startRealOrganization, writeAll } from '../connector/generated-rows.ts'

interface Options {
  readonly rounds: number
  readonly seed: number
  readonly log: (line: string) => void
}

/**
 * Writes rows generated from the form of every table of a real organization: what
 * test/connector/forms-and-rows.test.ts does with some of them. Resolves with how many there were.
 */
export async function run({ rounds, seed, log }: Options) {
  const ends: (() => Promise<void>)[] = []
  let [written, refused] = [0, 0]
  try {
    const { client, tables, rows } = await startRealOrganization({
      after: (end) => void ends.push(end),
    })
    for (let round = 0; round < rounds; round += 1) {
      const tally = await writeAll(client, tables, rows, { numRuns: 1, seed: (seed + round) | 0 })
      const reasons = [...tally.refused.values()].reduce((sum, count) => sum + count, 0)
      log(
        `${tables.length} tables: ${tally.written} rows written, ${reasons} reasons to refuse one`,
      )
      written += tally.written
      refused += reasons
    }
    return { written, refused }
  } finally {
    for (const end of ends) await end()
  }
}
