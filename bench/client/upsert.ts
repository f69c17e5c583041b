import type { Part, Sitting } from '../part.ts'
import { withBeside } from '../program.ts'
import { printBars } from '../table.ts'
import { buildAll } from './built.ts'
import { printTurns } from './print-turns.ts'
import { cpuMicroseconds, perSecond, ratio, type Turn, takeTurns } from './turns.ts'

/** 10,000 upserts by id, each answered after 20 ms, as many at once as the service allows. */
export const upsert: Part = {
  name: 'upsert',
  run: async ({ rounds, scale }: Sitting) => {
    await buildAll()
    const task = { kind: 'upsert', calls: Math.round(10_000 * scale), atOnce: 52 } as const
    const taken = await withBeside('client/service.ts', {}, (origin) => {
      const turn = (name: Turn['contender']) => ({ name, contender: name, origin, task })
      return takeTurns([turn('floor'), turn('peer'), turn('fairlead')], rounds)
    })
    printTurns(`${task.calls.toLocaleString('en')} upserts, 20 ms each, 52 at once`, 'calls', taken)
    const against = (other: string, measure = perSecond) => ratio(taken, 'fairlead', other, measure)
    printBars([
      { what: "of the floor's calls/s", value: against('floor'), atLeast: 0.95 },
      { what: "times the peer's calls/s", value: against('peer'), atLeast: 1.15 },
      { what: "of the floor's CPU a call", value: against('floor', cpuMicroseconds), atMost: 1.2 },
    ])
  },
}
