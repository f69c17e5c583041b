import assert from 'node:assert/strict'
import {
  type BulkOutcome,
  type DataverseClient,
  literal,
  where,
} from '../../src/dataverse/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'

export interface SoakOptions {
  readonly rounds: number
  readonly seed: number
  readonly log: (line: string) => void
}

/** What a soak of bulk writes found. */
export interface SoakResult {
  readonly rows: number
  readonly faults: number
  /** Rows whose outcome was `unknown`. */
  readonly unknown: number
}

const ROWS = 3_000
const FAULTS = 12
const MISSING = '00000000-0000-4000-8000-00000000dead'
const limited = { error: { code: '0x80072326', message: 'Number of concurrent requests exceeded' } }
const deadlock = { error: { code: '0x80044150', message: 'Generic SQL error.' } }
const KINDS = [
  { kind: 'lose' },
  { kind: 'reset' },
  { kind: 'cut', afterBytes: 1 },
  { kind: 'respond', status: 429, headers: { 'retry-after': '1' }, body: limited },
  { kind: 'respond', status: 500, body: deadlock },
  { kind: 'respond', status: 503 },
  { kind: 'respond', status: 502, body: '<html><title>Bad Gateway</title></html>' },
] as const

/**
 * Writes many rows under faults at random moments and holds the outcomes against the table: no row is
 * lost, none is there twice, and every row has exactly one outcome, which is true.
 */
export async function run({ rounds, seed, log }: SoakOptions): Promise<SoakResult> {
  const ends: (() => Promise<void>)[] = []
  const suite = { after: (end: () => Promise<void>) => void ends.push(end) }
  const random = seeded(seed)
  let [rows, faults, unknown] = [0, 0, 0]
  try {
    const { client, sandbox } = await startSandboxClient(suite)
    const target = sandbox.description.organizations[0]?.uniqueName
    for (let round = 0; round < rounds; round += 1) {
      await sandbox.admin('/faults', 'DELETE')
      for (let n = 0; n < FAULTS; n += 1) {
        const kind = KINDS[Math.floor(random() * KINDS.length)]
        const skip = Math.floor(random() * 4)
        await sandbox.admin('/faults', 'POST', { target, ...kind, skip, match: { method: 'POST' } })
      }
      const kind = round % 2 === 0 ? 'upsert' : 'create'
      const found = await writeRound(client, kind, `${seed}-${round}`, random)
      rows += ROWS
      faults += FAULTS
      unknown += found.unknown
      log(`${kind}: ${found.written} written, ${found.rejected} rejected, ${found.unknown} unknown`)
    }
    return { rows, faults, unknown }
  } finally {
    for (const end of ends) await end()
  }
}

async function writeRound(
  client: DataverseClient,
  kind: 'upsert' | 'create',
  mark: string,
  random: () => number,
) {
  const bad = new Set(Array.from({ length: 20 }, () => Math.floor(random() * ROWS)))
  const rows = Array.from({ length: ROWS }, (_, n) => ({
    accountnumber: `${mark}-${n}`,
    name: `Number ${n}`,
    address1_city: mark,
    ...(bad.has(n) ? { primarycontactid: MISSING } : {}),
  }))
  const outcomes =
    kind === 'upsert'
      ? client.bulk.upsert('account', rows, { key: 'accountnumber' })
      : client.bulk.create('account', rows)
  const fates = new Map<number, BulkOutcome>()
  for await (const outcome of outcomes) {
    assert.ok(!fates.has(outcome.index), `row ${outcome.index} has two outcomes`)
    fates.set(outcome.index, outcome)
  }
  assert.equal(fates.size, ROWS, 'a row has no outcome')
  return compare(fates, bad, await numbersIn(client, mark))
}

async function numbersIn(client: DataverseClient, mark: string): Promise<readonly number[]> {
  const query = {
    select: ['accountnumber'],
    filter: where.eq('address1_city', literal('string', mark)),
  }
  const numbers: number[] = []
  for await (const { accountnumber } of client.rows('accounts', query)) {
    numbers.push(Number(String(accountnumber).slice(mark.length + 1)))
  }
  return numbers
}

function compare(
  fates: ReadonlyMap<number, BulkOutcome>,
  bad: ReadonlySet<number>,
  numbers: readonly number[],
) {
  const there = new Set(numbers)
  assert.equal(there.size, numbers.length, 'a row is there twice')
  let [written, rejected, unknown] = [0, 0, 0]
  for (const [index, { status }] of fates) {
    if (status === 'unknown') unknown += 1
    else if (status === 'rejected') {
      assert.ok(bad.has(index) && !there.has(index), `row ${index} was rejected`)
      rejected += 1
    } else {
      assert.ok(!bad.has(index) && there.has(index), `row ${index} is ${status} and not there`)
      written += 1
    }
  }
  return { written, rejected, unknown }
}

function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
