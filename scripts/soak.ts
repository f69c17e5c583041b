import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { run as writeUnderFaults } from '../test/soak/bulk-faults.ts'
import { run as writeForms } from '../test/soak/forms.ts'
import { run as killLeases } from '../test/soak/lease-kills.ts'
import { run as pollHistories } from '../test/soak/polling.ts'
import { run as killStores } from '../test/soak/store-kills.ts'
import { run as killTriggers } from '../test/soak/trigger-kills.ts'
import { root } from './command.ts'

interface Wish {
  readonly rounds: number
  readonly seed: number
  readonly log: (line: string) => void
}

interface Soak {
  readonly name: string
  readonly rounds: number
  /** Resolves with what was found; throws where a promise was broken. */
  readonly run: (wish: Wish) => Promise<string>
}

const soaks: readonly Soak[] = [
  {
    name: 'store-kills',
    rounds: 100,
    run: async (wish) => {
      const { confirmed, lost, slowestReopenMs } = await killStores(wish)
      if (lost > 0) throw new Error(`${lost} of ${confirmed} acknowledged rows were lost.`)
      return `${confirmed} acknowledged rows, none lost; opened again within ${slowestReopenMs} ms`
    },
  },
  {
    name: 'lease-kills',
    rounds: 200,
    run: async (wish) => {
      const { alive, lost, lateSavesRefused } = await killLeases(wish)
      return `${alive} alive, ${lost} ended by a strict server and explained, ${lateSavesRefused} late saves refused`
    },
  },
  {
    name: 'bulk-faults',
    rounds: 40,
    run: async (wish) => {
      const { rows, faults, unknown } = await writeUnderFaults(wish)
      return `${rows} rows under ${faults} faults: none lost, none twice, ${unknown} of unknown outcome`
    },
  },
  {
    name: 'trigger-kills',
    rounds: 60,
    run: async (wish) => {
      const { stored, kills, overtaken } = await killTriggers(wish)
      return `${stored} outputs under ${kills} kills: none lost, none twice; ${overtaken} sleepers overtaken`
    },
  },
  {
    name: 'polling',
    rounds: 20,
    run: async (wish) =>
      `${await pollHistories(wish)} histories: no row lost, none twice, no snapshot too large`,
  },
  {
    name: 'forms',
    rounds: 3,
    run: async (wish) => {
      const { written, refused } = await writeForms(wish)
      return `${written} rows of forms written and described, ${refused} refused for reasons that no form can state`
    },
  },
]

const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string', multiple: true },
    quiet: { type: 'boolean' },
  },
})
const seed = readNumber('seed', values.seed) ?? Date.now() % 2 ** 31
const rounds = readNumber('rounds', values.rounds)
const chosen = values.only ?? soaks.map(({ name }) => name)

let passed = 0
let failed = 0
for (const name of new Set([...chosen, ...unlisted()])) {
  if (await soak(name)) passed += 1
  else failed += 1
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1

async function soak(name: string): Promise<boolean> {
  const found = soaks.find((each) => each.name === name)
  if (!found) {
    console.error(`FAILED  ${name} did not run: scripts/soak.ts does not know it`)
    return false
  }
  const wish = { rounds: rounds ?? found.rounds, seed, log: roundLog() }
  const started = performance.now()
  const took = () => `${wish.rounds} rounds, seed ${seed}, ${seconds(performance.now() - started)}`
  try {
    const result = await found.run(wish)
    console.log(`passed  ${name} (${took()}): ${result}`)
    return true
  } catch (error) {
    console.error(`FAILED  ${name} (${took()})`)
    console.error(error)
    return false
  }
}

function roundLog(): (line: string) => void {
  let round = 0
  return (line) => {
    round += 1
    if (values.quiet !== true) console.log(`  ${round}  ${line}`)
  }
}

// A soak that nobody runs promises nothing.
function unlisted(): readonly string[] {
  return globSync('test/soak/*.ts', { cwd: root })
    .filter((file) => /^export async function run\(/m.test(readFileSync(join(root, file), 'utf8')))
    .map((file) => basename(file, '.ts'))
    .filter((name) => !soaks.some((each) => each.name === name))
}

function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (Number.isSafeInteger(number) && number > 0) return number
  throw new Error(`--${name} wants a whole number above 0, not "${text}".`)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
