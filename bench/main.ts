import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { Undo } from '../src/main/undo.ts'
import { compareActions } from './actions.ts'
import { compareLease, measureLease } from './lease.ts'
import { type Library, openLibrary } from './library.ts'
import type { Speed } from './measure.ts'
import { startBeside } from './program.ts'
import { measureStart } from './start.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    ms: { type: 'string', default: '1500' },
    only: { type: 'string', multiple: true, default: ['lease', 'actions', 'start'] },
  },
})
const rounds = Number(values.rounds)
const ms = Number(values.ms)
const wanted = (part: string) => values.only.includes(part)

console.log(`${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}`)
console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}; medians of ${rounds} rounds\n`)
if (wanted('lease') || wanted('actions')) await compareCalls()
if (wanted('start')) {
  const { cold, warm } = await measureStart(Math.min(rounds, 3))
  console.log('npm start, until verified')
  console.log(`  the very first time  ${cold.toFixed(1)} s  (at most 12 s)`)
  console.log(`  started again        ${warm.toFixed(1)} s  (at most 5 s)`)
}

async function compareCalls(): Promise<void> {
  const undo = new Undo()
  try {
    const server = await startBeside('server.ts')
    undo.defer(() => server[Symbol.asyncDispose]())
    const library = await openLibrary(server.line)
    undo.defer(() => library[Symbol.asyncDispose]())
    if (wanted('lease')) await compareLeases(server.line, library)
    if (wanted('actions')) await compareHub(server.line, library)
  } finally {
    await undo.run()
  }
}

async function compareLeases(origin: string, library: Library): Promise<void> {
  for (const atOnce of [1, 32]) {
    const speeds = await compareLease(origin, library, { rounds, ms, atOnce })
    print(`WhoAmI, ${atOnce} at once`, speeds)
  }
  print('Lease', [await measureLease(library, { rounds, ms: ms / 3, atOnce: 32 })])
}

async function compareHub(origin: string, library: Library): Promise<void> {
  for (const atOnce of [1, 16]) {
    const compared = await compareActions(origin, library, { rounds, ms, atOnce })
    for (const { title, speeds } of compared) print(`${title}, ${atOnce} at once`, speeds)
  }
}

function print(title: string, speeds: readonly Speed[]): void {
  console.log(title)
  for (const { name, perSecond, ratio, cpuMs } of speeds) {
    const rate = Math.round(perSecond).toString().padStart(8)
    const each = (1_000 / perSecond).toFixed(3).padStart(8)
    const cpu = cpuMs.toFixed(3).padStart(8)
    console.log(`  ${name.padEnd(32)}${rate} /s ${each} ms ${cpu} ms CPU   × ${ratio.toFixed(2)}`)
  }
  console.log()
}
