import { after, test } from 'node:test'
import fc from 'fast-check'
import { ID_ORDERS, PolledTable } from '../support/polling/polled-table.ts'
import {
  lateRowsAreCaught,
  nothingComesTwice,
  nothingIsLost,
} from '../support/polling/polling-properties.ts'

const HISTORIES = 20
const table = await PolledTable.start({ after })
const { seed = Date.now() } = fc.readConfigureGlobal()

for (const [position, idOrder] of ID_ORDERS.entries()) {
  // Each order sees other histories.
  const parameters = { seed: seed + position, numRuns: HISTORIES }

  test(`the newest version of every row comes out, whatever is late, tied, cut off or refused (ids: ${idOrder})`, async () => {
    await fc.assert(nothingIsLost(table, idOrder), parameters)
  })

  test(`nothing comes out twice where the snapshot holds the window and no output outlives its checkpoint (ids: ${idOrder})`, async () => {
    await fc.assert(nothingComesTwice(table, idOrder), parameters)
  })

  test(`rows later than any window are caught, once, where changes are tracked (ids: ${idOrder})`, async () => {
    await fc.assert(lateRowsAreCaught(table, idOrder), parameters)
  })
}
