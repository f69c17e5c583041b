import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import type { Sitting } from './part.ts'
import { parts } from './parts.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    ms: { type: 'string', default: '1500' },
    scale: { type: 'string', default: '1' },
    refusals: { type: 'string', default: 'named' },
    only: { type: 'string', multiple: true, default: [] },
  },
})
const { refusals } = values
if (refusals !== 'named' && refusals !== 'terse') {
  throw new Error(`--refusals is named or terse, not ${refusals}.`)
}
const sitting: Sitting = {
  rounds: Number(values.rounds),
  ms: Number(values.ms),
  scale: Number(values.scale),
  refusals,
}
const wanted = values.only.flatMap((names) => names.split(','))
const unknown = wanted.filter((name) => parts.every((part) => part.name !== name))
if (unknown.length > 0) {
  const known = parts.map(({ name }) => name).join(', ')
  throw new Error(`There is no part ${unknown.join(', ')}; there are ${known}.`)
}

const load = loadavg().map((average) => average.toFixed(1))
console.log(`${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}`)
console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, load ${load.join(' ')}`)
console.log(`medians of ${sitting.rounds} rounds\n`)
for (const part of parts)
  if (wanted.length === 0 || wanted.includes(part.name)) await part.run(sitting)
