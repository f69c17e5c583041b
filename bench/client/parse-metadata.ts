import { createReadStream } from 'node:fs'
import { SaxesParser } from 'saxes'
import { builtEntry } from './built.ts'

// Parses one `$metadata` document in a process of its own, and prints what it took.

/** What a parse took. */
export interface Parsed {
  readonly ms: number
  readonly cpuMs: number
  /** The most memory that was resident at any time. */
  readonly peakMb: number
  readonly entityTypes: number
}

type Dataverse = typeof import('../../src/dataverse/index.ts')

const [contender = '', file = ''] = process.argv.slice(2)
const { readModel }: Dataverse = await import(builtEntry('dataverse'))
const begun = performance.now()
const before = process.cpuUsage()
const entityTypes = contender === 'bare' ? await bare() : await model()
const { user, system } = process.cpuUsage(before)
const parsed: Parsed = {
  ms: performance.now() - begun,
  cpuMs: (user + system) / 1_000,
  peakMb: process.resourceUsage().maxRSS / 1_024,
  entityTypes,
}
process.stdout.write(`${JSON.stringify(parsed)}\n`)

/** The floor: the same parser over the same stream, which looks at nothing and keeps nothing. */
async function bare(): Promise<number> {
  const parser = new SaxesParser()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const chunk of createReadStream(file)) {
    parser.write(decoder.decode(chunk, { stream: true }))
  }
  parser.close()
  return 0
}

async function model(): Promise<number> {
  return (await readModel(createReadStream(file))).entityTypes.size
}
