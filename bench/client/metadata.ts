import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { median } from '../measure.ts'
import type { Part } from '../part.ts'
import { printBars, printTable } from '../table.ts'
import { buildAll } from './built.ts'
import type { Parsed } from './parse-metadata.ts'

const ORGANIZATION = join(import.meta.dirname, '../../sandbox/test/data/organization.edmx.gz')
const contenders = [
  ['bare', 'bare saxes', []],
  ['model', 'readModel', []],
  ['model', 'readModel in 96 MB', ['--max-old-space-size=96']],
] as const

/** A real organization's `$metadata`, as a model and as a pass of the parser that keeps nothing. */
export const metadata: Part = {
  name: 'metadata',
  run: async ({ rounds }) => {
    await buildAll()
    const folder = await mkdtemp(join(tmpdir(), 'fairlead-bench-'))
    try {
      const file = join(folder, 'organization.edmx')
      await writeFile(file, gunzipSync(await readFile(ORGANIZATION)))
      print(await takeTurns(file, rounds * 2 + 1), rounds * 2 + 1)
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}

async function takeTurns(file: string, rounds: number): Promise<readonly (readonly Parsed[])[]> {
  const taken = contenders.map((): Parsed[] => [])
  for (let round = 0; round < rounds; round += 1) {
    const turn = [...contenders.entries()]
    for (const [at, [contender, , flags]] of round % 2 === 0 ? turn : turn.toReversed()) {
      const program = join(import.meta.dirname, 'parse-metadata.ts')
      const args = [...flags, program, contender, file]
      const { stdout } = await promisify(execFile)(process.execPath, args)
      taken[at]?.push(JSON.parse(stdout))
    }
  }
  return taken
}

function print(taken: readonly (readonly Parsed[])[], rounds: number): void {
  const typical = (at: number, measure: (parsed: Parsed) => number) =>
    median((taken[at] ?? []).map(measure))
  const ratio = (at: number, measure: (parsed: Parsed) => number) =>
    median(
      (taken[at] ?? []).map((parsed, round) => {
        const beside = taken[0]?.[round]
        return beside === undefined ? Number.NaN : measure(parsed) / measure(beside)
      }),
    )
  const ms = (parsed: Parsed) => parsed.ms
  const cpu = (parsed: Parsed) => parsed.cpuMs
  const rows = contenders.map(([, title], at) => [
    title,
    typical(at, ms).toFixed(0),
    ratio(at, ms).toFixed(2),
    typical(at, cpu).toFixed(0),
    ratio(at, cpu).toFixed(2),
    typical(at, (parsed) => parsed.peakMb).toFixed(0),
    typical(at, (parsed) => parsed.entityTypes).toFixed(0),
  ])
  const names = ['', 'ms', '× bare', 'CPU ms', '× bare', 'peak MB', 'entity types']
  printTable(`$metadata of 8.5 MB, median of ${rounds}, a fresh process each`, names, rows)
  printBars([{ what: 'time as a multiple of the bare pass', value: ratio(1, ms), atMost: 1.5 }])
}
