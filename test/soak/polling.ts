import fc from 'fast-check'
import { ID_ORDERS, type IdOrder, PolledTable } from '../support/polling/polled-table.ts'
import {
  lateRowsAreCaught,
  nothingComesTwice,
  nothingIsLost,
} from '../support/polling/polling-properties.ts'

interface Options {
  readonly rounds: number
  readonly seed: number
  readonly log: (line: string) => void
}

const PROPERTIES = [nothingIsLost, nothingComesTwice, lateRowsAreCaught]
const HISTORIES = 50

/**
 * Polls tables that change, with rows that are tied or late, by a host that dies, under every order of ids:
 * what test/connector/polling-property.test.ts does with a few histories. Resolves with how many there were.
 */
export async function run({ rounds, seed, log }: Options): Promise<number> {
  for (let round = 0; round < rounds; round += 1) {
    const idOrder = orderOf(round)
    await pollTable(idOrder, (seed + round) % 2 ** 31)
    log(`ids in the order ${idOrder}: ${HISTORIES * PROPERTIES.length} histories`)
  }
  return rounds * HISTORIES * PROPERTIES.length
}

// A client for each round: one alone would wait, after 6,000 requests in five minutes, as the service wants it.
async function pollTable(idOrder: IdOrder, seed: number): Promise<void> {
  const ends: (() => Promise<void>)[] = []
  try {
    const table = await PolledTable.start({ after: (end) => void ends.push(end) })
    for (const property of PROPERTIES)
      await fc.assert(property(table, idOrder), { seed, numRuns: HISTORIES })
  } finally {
    for (const end of ends) await end()
  }
}

function orderOf(round: number): IdOrder {
  return ID_ORDERS[round % ID_ORDERS.length] ?? 'text'
}
