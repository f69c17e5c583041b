import type { Part } from '../part.ts'
import { printTable } from '../table.ts'
import { type Load, pollForAnHour } from './simulated-poll.ts'

const RATES = [10, 50, 100, 500, 2_000]
const KINDS = [
  { what: 'new rows only', updates: 0, late: 0 },
  { what: '2% updated again, 1% late', updates: 0.02, late: 0.01 },
  { what: '20% updated again, 1% late', updates: 0.2, late: 0.01 },
]

/**
 * What share of the rows that a poll puts out has been put out before: of a table that is written to
 * evenly for an hour, as the polling trigger's own state and snapshots have it. The same in every run.
 */
export const repeats: Part = {
  name: 'repeats',
  run: () => {
    for (const { what, ...kind } of KINDS) {
      const rows = RATES.map((rowsPerMinute) => [
        String(rowsPerMinute),
        ...[1, 5].flatMap((minutesBetween) =>
          [5_000, 1_048_576].map((snapshotBytes) =>
            share({ rowsPerMinute, minutesBetween, snapshotBytes, ...kind }),
          ),
        ),
      ])
      const names = ['rows a minute', '1 min, 5 KB', '1 min, 1 MB', '5 min, 5 KB', '5 min, 1 MB']
      printTable(`Rows that a poll puts out again: ${what}`, names, rows)
      console.log()
    }
    return Promise.resolve()
  },
}

function share(load: Load): string {
  const { rows, repeated } = pollForAnHour(load)
  return `${((100 * repeated) / rows).toFixed(1)}%`
}
