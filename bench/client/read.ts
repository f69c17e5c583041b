import type { Part, Sitting } from '../part.ts'
import { withBeside } from '../program.ts'
import { printBars } from '../table.ts'
import { COLUMNS } from './account-row.ts'
import { buildAll } from './built.ts'
import { printTurns } from './print-turns.ts'
import { peakMb, perSecond, type Rounds, ratio, type Turn, takeTurns } from './turns.ts'

const PAGE_SIZE = 5_000

/** 400,000 rows of 30 columns, page by page; and a quarter of them, which must take no less memory. */
export const read: Part = {
  name: 'read',
  run: async ({ rounds, scale }: Sitting) => {
    await buildAll()
    const many = wholePages(400_000 * scale)
    const taken = await withBeside('client/service.ts', {}, (plain) =>
      withBeside('client/service.ts', { GZIP: '1' }, (compressing) =>
        takeTurns(readTurns(many, wholePages(100_000 * scale), plain, compressing), rounds),
      ),
    )
    printTurns(`Read ${many.toLocaleString('en')} rows of 30 columns, page by page`, 'rows', taken)
    printReadBars(taken)
  },
}

/** The same with all annotations. */
export const annotated: Part = {
  name: 'annotated',
  run: async ({ rounds, scale }: Sitting) => {
    await buildAll()
    const many = wholePages(400_000 * scale)
    const taken = await withBeside('client/service.ts', {}, (plain) => {
      const turn = (name: Turn['contender']) => readTurn(name, name, plain, many, true)
      return takeTurns([turn('floor'), turn('peer'), turn('fairlead')], rounds)
    })
    printTurns('The same with all annotations', 'rows', taken)
    const value = ratio(taken, 'fairlead', 'peer', perSecond)
    printBars([{ what: "times the peer's rows/s", value, atLeast: 2.5 }])
  },
}

function readTurns(many: number, few: number, plain: string, compressing: string): Turn[] {
  return [
    readTurn('floor', 'floor', plain, many),
    readTurn('peer', 'peer', plain, many),
    readTurn('fairlead', 'fairlead', plain, many),
    readTurn('fairlead, gzip', 'fairlead', compressing, many),
    readTurn('floor, a quarter', 'floor', plain, few),
    readTurn('fairlead, a quarter', 'fairlead', plain, few),
  ]
}

function printReadBars(taken: Rounds): void {
  const floorsMemory = "of the floor's peak memory"
  const memory = (own: string, other: string) => ratio(taken, own, other, peakMb)
  const speed = (other: string) => ratio(taken, 'fairlead', other, perSecond)
  const quarter = memory('fairlead, a quarter', 'floor, a quarter')
  printBars([
    { what: "of the floor's rows/s", value: speed('floor'), atLeast: 0.85 },
    { what: "times the peer's rows/s", value: speed('peer'), atLeast: 2.5 },
    { what: floorsMemory, value: memory('fairlead', 'floor'), atMost: 1.2 },
    { what: `${floorsMemory}, a quarter`, value: quarter, atMost: 1.2 },
    {
      what: 'of the memory for a quarter',
      value: memory('fairlead', 'fairlead, a quarter'),
      atMost: 1.1,
    },
  ])
}

function readTurn(
  name: string,
  contender: Turn['contender'],
  origin: string,
  rows: number,
  annotations = false,
): Turn {
  const warmUp = `accounts${wholePages(rows / 20)}`
  const what = { table: `accounts${rows}`, warmUp, columns: COLUMNS, pageSize: PAGE_SIZE }
  return { name, contender, origin, task: { kind: 'read', ...what, annotations } }
}

function wholePages(rows: number): number {
  return Math.max(1, Math.round(rows / PAGE_SIZE)) * PAGE_SIZE
}
