import { join } from 'node:path'
import { buildComponent, builtComponent } from '../../scripts/build-component.ts'
import { provide } from '../../scripts/debian.ts'
import { startPlatform } from '../../test/component/platform.ts'
import { startBroker } from '../../test/services/broker/broker.ts'
import { Flow } from '../../test/services/broker/flow.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { median } from '../measure.ts'
import type { Part } from '../part.ts'
import { withBeside } from '../program.ts'
import { printBars } from '../table.ts'
import { writeBareComponent } from './bare.ts'
import { type Contender, type Walk, walkTable } from './walk-table.ts'

const SPEED_ROWS = 200_000
const MEMORY_ROWS = 1_000_000

/** The component on the platform's real runtime and a real RabbitMQ, in page mode. */
export const component: Part = {
  name: 'component',
  run: async ({ rounds, scale }) => {
    const broker = await provide({ name: 'rabbitmq-server', package: 'rabbitmq-server' })
    if (broker === undefined) throw new Error('RabbitMQ could neither be found nor installed.')
    process.env['FAIRLEAD_TEST_RABBITMQ'] = broker.path
    await buildComponent()
    const turns = Math.min(rounds, 3)
    const rows = Math.round(SPEED_ROWS * scale)
    for (const pageSize of [1_000, 5_000]) await compare(turns, rows, pageSize)
    await remember(Math.round(MEMORY_ROWS * scale))
  },
}

async function compare(rounds: number, rows: number, pageSize: number): Promise<void> {
  const own = pageSize === 5_000 ? 'poll' : 'lookup'
  await onStage(rows, async (walk) => {
    const bare: Walk[] = []
    const ours: Walk[] = []
    await walk(own, pageSize)
    for (let round = 0; round < rounds; round += 1) {
      const turn = [
        async () => bare.push(await walk('bare', pageSize)),
        async () => ours.push(await walk(own, pageSize)),
      ]
      // What else the machine does hits both alike.
      for (const one of round % 2 === 0 ? turn : turn.reverse()) await one()
    }
    const speed = (walks: readonly Walk[]) => median(walks.map(perSecond))
    const cpu = (walks: readonly Walk[]) => median(walks.map(({ cpuMs }) => cpuMs))
    console.log(`Component, ${own} of ${rows} rows in pages of ${pageSize}, median of ${rounds}`)
    console.log(
      `  emits a second: ${speed(ours).toFixed(1)}; a bare component ${speed(bare).toFixed(1)}`,
    )
    console.log(
      `  CPU ms an emit: ${cpu(ours).toFixed(1)}; a bare component ${cpu(bare).toFixed(1)}`,
    )
    printBars([
      { what: 'emits a second beside the bare', value: speed(ours) / speed(bare), atLeast: 0.9 },
    ])
  })
}

function perSecond({ emits, ms }: Walk): number {
  return emits / (ms / 1_000)
}

async function remember(rows: number): Promise<void> {
  await onStage(rows, async (walk) => {
    const { megabytes, ms } = await walk('poll', 5_000)
    const half = Math.floor(megabytes.length / 2)
    const [early, late] = [megabytes.slice(0, half), megabytes.slice(half)].map((part) =>
      Math.max(...part),
    )
    console.log(`Component, memory over ${rows} rows in ${(ms / 1_000).toFixed(0)} s`)
    console.log(
      `  peak of the first half ${early?.toFixed(0)} MB, of the second ${late?.toFixed(0)} MB`,
    )
    printBars([
      { what: 'second half beside the first', value: (late ?? 0) / (early ?? 1), atMost: 1.15 },
    ])
  })
}

type WalkOnStage = (contender: Contender, pageSize: number) => Promise<Walk>

/** Starts the table, the platform and the broker, and ends them however the work went. */
async function onStage(rows: number, work: (walk: WalkOnStage) => Promise<void>): Promise<void> {
  await using folder = await temporaryFolder()
  const bare = join(builtComponent, '../bare-component')
  await writeBareComponent(bare)
  const ends: (() => Promise<void>)[] = []
  const file = 'component/service.ts'
  await withBeside(file, { ROWS: String(rows) }, async (origin) => {
    try {
      const platform = await startPlatform({ after: (end) => void ends.push(end) })
      await using broker = await startBroker()
      await using flow = await Flow.open(broker, platform, folder.path)
      const places = { bare, lookup: builtComponent, poll: builtComponent }
      await work((contender, pageSize) =>
        walkTable(flow, { contender, pageSize, origin, folder: places[contender] }),
      )
    } finally {
      for (const end of ends) await end()
    }
  })
}
