import { type BulkOutcome, createLimits, DataverseClient } from '../../src/dataverse/index.ts'
import { silentLogger, systemClock } from '../../src/kernel/index.ts'
import { createEgress, createSender, type Send } from '../../src/transport/index.ts'
import { requestToken } from '../../test/dataverse/sandbox-client.ts'
import { startSandbox } from '../../test/support/sandbox.ts'
import type { Part, Sitting } from '../part.ts'
import { printBars, printTable } from '../table.ts'

// A thirtieth of the documented limits, and what the service takes for a bulk message.
const FIGURES = { windowMs: 10_000, serverMs: 40_000, requests: 200, concurrency: 52 }
const TIME = { requestMs: 20, rowMs: 4 }
const ROWS = 65_000
const BAD = 137
const MISSING = '00000000-0000-4000-8000-0000000'

/** What the sandbox counted; the windows follow each other from the first request on. */
interface Counted {
  readonly windows: readonly {
    readonly serverSeconds: number
    readonly requests: number
    readonly throttled: Readonly<Record<string, number>>
  }[]
}

/** A bulk upsert for more than six windows of scaled limits, with rows that are refused. */
export const bulk: Part = {
  name: 'bulk',
  run: async ({ scale }: Sitting) => {
    const sandbox = await startSandbox({ rows: 20 })
    const { orgUrl, authority, organizations } = sandbox.description
    const egress = createEgress({ allow: [authority, orgUrl] })
    const sender = createSender({ egress, clock: systemClock, logger: silentLogger })
    try {
      const limits = `/organizations/${organizations[0]?.uniqueName}/limits`
      await sandbox.admin(limits, 'PATCH', {
        windowSeconds: FIGURES.windowMs / 1000,
        executionSeconds: FIGURES.serverMs / 1000,
        requests: FIGURES.requests,
        time: { upsertMultiple: TIME, default: { requestMs: 20, rowMs: 0.2 } },
      })
      const useful = usefulSeconds(sender.send)
      const token = await requestToken(sender.send, sandbox.description)
      const client = new DataverseClient({
        environmentUrl: orgUrl,
        apiVersion: 'v9.2',
        tokens: { token: async () => token, replace: async () => token },
        send: useful.send,
        clock: systemClock,
        logger: silentLogger,
        limits: createLimits({ clock: systemClock, figures: FIGURES }),
      })
      await client.metadata.table('account')
      await sandbox.admin(limits, 'DELETE')
      const count = Math.round(ROWS * scale)
      const options = { key: 'accountnumber' }
      const seen = await countOutcomes(client.bulk.upsert('account', rows(count), options), count)
      report(count, seen, useful.seconds(), readCounted(await sandbox.admin(limits)))
    } finally {
      await sender.close()
      await sandbox.close()
    }
  },
}

/** Adds up what the service took for messages that it carried out. */
function usefulSeconds(send: Send) {
  let ms = 0
  const counted: Send = async (request) => {
    const response = await send(request)
    if (request.url.pathname.endsWith('UpsertMultiple') && response.status === 204) {
      const targets = String(request.body).split('"@odata.type"').length - 1
      ms += TIME.requestMs + targets * TIME.rowMs
    }
    return response
  }
  return { send: counted, seconds: () => ms / 1000 }
}

/** Every n-th row is bad: by turns one that shows it by itself, and one that only the service knows. */
function badness(index: number, count: number): 'none' | 'visible' | 'hidden' {
  const every = Math.floor(count / BAD)
  const place = index / every
  if (index % every !== every - 1 || place >= BAD) return 'none'
  return Math.floor(place) % 2 === 0 ? 'visible' : 'hidden'
}

function* rows(count: number) {
  for (let index = 0; index < count; index += 1) {
    const bad = badness(index, count)
    const number = String(index).padStart(7, '0')
    yield {
      accountnumber: `B-${number}`,
      name: bad === 'visible' ? 'x'.repeat(200) : `Bakery ${number} of the Northern Harbour`,
      telephone1: '+49 30 1234567',
      address1_city: 'Flensburg',
      numberofemployees: index % 500,
      ...(bad === 'hidden' ? { primarycontactid: MISSING + number.slice(-5) } : {}),
    }
  }
}

interface Seen {
  readonly written: number
  readonly explained: number
  readonly rejected: number
  readonly wrong: number
  readonly seconds: number
}

async function countOutcomes(outcomes: AsyncIterable<BulkOutcome>, count: number): Promise<Seen> {
  const begun = performance.now()
  let [written, explained, rejected, wrong] = [0, 0, 0, 0]
  for await (const outcome of outcomes) {
    const bad = badness(outcome.index, count)
    if (outcome.status === 'written') written += 1
    if (outcome.status === 'rejected') {
      rejected += 1
      const column = bad === 'visible' ? 'name' : 'primarycontactid'
      if (bad !== 'none' && outcome.column === column && outcome.reason !== '') explained += 1
    }
    if (outcome.status !== (bad === 'none' ? 'written' : 'rejected')) wrong += 1
  }
  return { written, explained, rejected, wrong, seconds: (performance.now() - begun) / 1000 }
}

function readCounted(value: unknown): Counted {
  const { windows } = Object(value)
  return { windows: Array.isArray(windows) ? windows : [] }
}

function report(count: number, seen: Seen, usefulSeconds: number, { windows }: Counted): void {
  const refused = windows.map(({ throttled }) =>
    Object.values(throttled).reduce((sum, one) => sum + one, 0),
  )
  const spent = windows.reduce((sum, { serverSeconds }) => sum + serverSeconds, 0)
  const allowed = (seen.seconds * FIGURES.serverMs) / FIGURES.windowMs
  printTable(
    `${count.toLocaleString('en')} rows, ${BAD} of them bad, in ${seen.seconds.toFixed(1)} s: ${Math.round(count / seen.seconds)} rows/s`,
    ['window', 'server s', 'requests', '429'],
    windows.map(({ serverSeconds, requests }, at) => [
      String(at + 1),
      serverSeconds.toFixed(1),
      String(requests),
      String(refused[at]),
    ]),
  )
  printBars([
    { what: 'windows', value: seen.seconds / (FIGURES.windowMs / 1000), atLeast: 6 },
    { what: 'of the allowed server time used', value: spent / allowed, atLeast: 0.95 },
    { what: 'refusals in a window', value: Math.max(...refused), atMost: 1 },
    { what: 'of it for rows that were written', value: usefulSeconds / spent, atLeast: 0.85 },
    {
      what: 'bad rows rejected with their column',
      value: seen.explained,
      atLeast: BAD,
      atMost: BAD,
    },
    { what: 'rows with another outcome than theirs', value: seen.wrong, atMost: 0 },
  ])
}
