import { type BulkOutcome, createLimits, DataverseClient } from '../../src/dataverse/index.ts'
import { silentLogger, systemClock } from '../../src/kernel/index.ts'
import { createEgress, createSender, type Send } from '../../src/transport/index.ts'
import { requestToken } from '../../test/dataverse/sandbox-client.ts'
import { startSandbox } from '../../test/support/sandbox.ts'
import type { Part, Sitting } from '../part.ts'
import { printBars, printTable } from '../table.ts'
import { accounts, type Badness, badness, terse, withText } from './bulk-rows.ts'

// A thirtieth of the documented limits, and what the service takes for a bulk message.
const FIGURES = { windowMs: 10_000, serverMs: 40_000, requests: 200, concurrency: 52 }
const TIME = { requestMs: 20, rowMs: 4 }
const ROWS = 65_000
const BAD = 137

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
  run: async ({ scale, refusals }: Sitting) => {
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
      const useful = usefulSeconds(refusals === 'terse' ? terse(sender.send) : sender.send)
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
      const badnessOf = badness(count, BAD)
      const rows = accounts(count, badnessOf)
      const outcomes = client.bulk.upsert('account', rows, { key: 'accountnumber' })
      const seen = await countOutcomes(outcomes, badnessOf, refusals === 'named')
      report(count, seen, useful.seconds(), readCounted(await sandbox.admin(limits)))
    } finally {
      await sender.close()
      await sandbox.close()
    }
  },
}

/** Adds up what the service took for messages that it carried out, alone or in a batch. */
function usefulSeconds(send: Send) {
  let ms = 0
  const counted: Send = async (request) => {
    const response = await send(request)
    const messages = String(request.body).split('UpsertMultiple').slice(1)
    if (request.url.pathname.endsWith('UpsertMultiple') && response.status === 204) {
      ms += messageMs(String(request.body))
    }
    if (!request.url.pathname.endsWith('$batch') || messages.length === 0) return response
    const text = await response.text()
    const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)]
    for (const [place, [, status]] of statuses.entries()) {
      if (status === '204') ms += messageMs(messages[place] ?? '')
    }
    return withText(response, text)
  }
  return { send: counted, seconds: () => ms / 1000 }
}

function messageMs(body: string): number {
  return TIME.requestMs + (body.split('"@odata.type"').length - 1) * TIME.rowMs
}

interface Seen {
  readonly written: number
  readonly explained: number
  readonly rejected: number
  readonly wrong: number
  readonly seconds: number
}

async function countOutcomes(
  outcomes: AsyncIterable<BulkOutcome>,
  badnessOf: (index: number) => Badness,
  named: boolean,
): Promise<Seen> {
  const begun = performance.now()
  let [written, explained, rejected, wrong] = [0, 0, 0, 0]
  for await (const outcome of outcomes) {
    const bad = badnessOf(outcome.index)
    if (outcome.status === 'written') written += 1
    if (outcome.status === 'rejected') {
      rejected += 1
      const hidden = named ? 'primarycontactid' : undefined
      const column = bad === 'visible' ? 'name' : hidden
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
      what: 'bad rows rejected with all that was told',
      value: seen.explained,
      atLeast: BAD,
      atMost: BAD,
    },
    { what: 'rows with another outcome than theirs', value: seen.wrong, atMost: 0 },
  ])
}
