import { sql } from 'kysely'
import { openStore, StoreError } from '../../src/hub/store/index.ts'
import { silentLogger, systemClock } from '../../src/kernel/index.ts'

// One hub that writes as fast as it can and says what was confirmed: `ready`, then a number a line.
const WRITERS = 4
const [folder = '', first = '0'] = process.argv.slice(2)
const store = await openStore({ dataFolder: folder, logger: silentLogger, clock: systemClock })
await sql`create table if not exists soak (number bigint primary key)`.execute(store.db)
process.stdout.write('ready\n')

const next = { number: Number(first) }
await Promise.all(Array.from({ length: WRITERS }, write))

async function write(): Promise<never> {
  for (;;) {
    const number = next.number
    next.number += 1
    await insert(number)
    process.stdout.write(`${number}\n`)
  }
}

async function insert(number: number): Promise<void> {
  for (;;) {
    try {
      await sql`insert into soak values (${number}) on conflict do nothing`.execute(store.db)
      return
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'store_unreachable') throw error
    }
  }
}
