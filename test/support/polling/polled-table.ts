import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  createMetadataCache,
  type DataverseClient,
  type Row,
  tokenSource,
} from '../../../src/dataverse/index.ts'
import { startSandboxClient } from '../../dataverse/sandbox-client.ts'
import { OpenRequests } from './open-requests.ts'

/** What happens to a table while it is polled; times are in seconds. */
export type Change =
  | { readonly do: 'wait'; readonly seconds: number }
  /** Creates or updates rows all at once, which become visible that long after their stamp. */
  | { readonly do: 'write'; readonly first: number; readonly count: number; readonly late: number }
  | { readonly do: 'delete'; readonly row: number }

type Write = Extract<Change, { readonly do: 'write' }>

/** A table that is polled; the changes of tasks are tracked, those of annotations are not. */
export type TableName = keyof typeof TABLES

const TABLES = {
  annotation: { set: 'annotations', id: 'annotationid' },
  task: { set: 'tasks', id: 'activityid' },
}

/** In what order the service has ids; no document says which. */
export const ID_ORDERS = ['uniqueidentifier', 'text', 'descending'] as const
export type IdOrder = (typeof ID_ORDERS)[number]

/** How many rows a table can have. */
export const MOST_ROWS = 20

const SECOND = 1_000
// Rows are stamped in whole seconds, and the clock is set to whole ones.
const DRIFT_MS = 300
const HOUR = 3_600 * SECOND
// What is deleted and created anew has the id that it had.
const IDS = Array.from({ length: MOST_ROWS }, (_, row) => guidOf(`row ${row}`))

/** A table of a sandbox of its own, whose rows and time are a test's. */
export class PolledTable {
  readonly client: DataverseClient
  readonly #requests: OpenRequests
  readonly #sandbox: Started['sandbox']
  readonly #organization: string
  readonly #present = new Set<string>()
  readonly #firstMoment = Math.ceil(Date.now() / HOUR) * HOUR
  #name: TableName = 'annotation'
  #now = 0
  #clock = { seconds: Number.NaN, setAt: 0 }
  #writes = 0

  private constructor({ clientOf, freshToken, sandbox, send }: Started) {
    const { orgUrl, organizations } = sandbox.description
    this.#sandbox = sandbox
    this.#organization = organizations[0]?.uniqueName ?? ''
    this.#requests = new OpenRequests(send)
    this.client = clientOf(orgUrl, {
      metadataCache: createMetadataCache({ maxEntries: 10 }),
      send: this.#requests.send,
      tokens: tokenSource(freshToken),
    })
  }

  /** Starts a sandbox for it. */
  static async start(suite: Parameters<typeof startSandboxClient>[0]): Promise<PolledTable> {
    const table = new PolledTable(await startSandboxClient(suite, { rows: 0 }))
    await table.#control('limits', 'PATCH', { enforced: false })
    await table.#control('snapshots/empty', 'PUT')
    return table
  }

  /** Becomes a table without rows, at the first moment. */
  async begin(name: TableName, idOrder: IdOrder): Promise<void> {
    await this.takeLinks()
    this.#name = name
    this.#present.clear()
    this.#now = 0
    await this.#control('snapshots/empty/restore', 'POST')
    await this.#control('switches', 'PATCH', { idOrder })
    await this.setClock()
  }

  /** This table's time, in ms. */
  get now(): number {
    return this.#firstMoment + this.#now * SECOND
  }

  /** A moment of this table's time, as the service writes it. */
  timeAt(seconds: number): string {
    return new Date(this.#firstMoment + seconds * SECOND).toISOString()
  }

  secondsAt(time: string): number {
    return (Date.parse(time) - this.#firstMoment) / SECOND
  }

  /** Sets the sandbox's clock, which runs by itself, to this table's time, which does not. */
  async setClock(seconds = this.#now): Promise<void> {
    const isRight =
      this.#clock.seconds === seconds && performance.now() - this.#clock.setAt < DRIFT_MS
    if (isRight) return
    this.#clock = { seconds, setAt: performance.now() }
    await this.#sandbox.admin('/clock', 'POST', { now: this.timeAt(seconds) })
  }

  async change(change: Change): Promise<void> {
    await this.#requests.answered()
    if (change.do === 'wait') this.#now += change.seconds
    if (change.do === 'write') await this.#write(change)
    await this.setClock()
    if (change.do === 'delete') await this.#delete(guidAt(change.row))
  }

  /** Lets the service refuse the next link that it is asked for. */
  async refuseNextLink(): Promise<void> {
    await this.#sandbox.admin('/faults', 'POST', {
      target: this.#organization,
      match: { method: 'GET', path: 'skiptoken' },
      kind: 'respond',
      status: 400,
      body: { error: { code: '0x80060888', message: 'Malformed XML in the Paging Cookie' } },
    })
  }

  async takeLinks(): Promise<void> {
    await this.#requests.answered()
    await this.#sandbox.admin('/faults', 'DELETE')
  }

  get name(): TableName {
    return this.#name
  }

  idOf(row: Readonly<Record<string, unknown>>): string {
    return String(row[TABLES[this.#name].id])
  }

  async rows(): Promise<readonly Row[]> {
    const rows: Row[] = []
    for await (const row of this.client.rows(TABLES[this.#name].set, {})) rows.push(row)
    return rows
  }

  // Nobody reads meanwhile: whoever reads next sees rows that bear a stamp of before his last reading.
  async #write({ first, count, late }: Write): Promise<void> {
    const ids = Array.from({ length: count }, (_, n) => guidAt(first + n))
    const body = { subject: `Write ${++this.#writes}` }
    await this.setClock(this.#now - late)
    const outcomes = await this.client.batch(
      ids.map((id) => ({
        method: 'PATCH' as const,
        path: `${TABLES[this.#name].set}(${id})`,
        body,
        read: () => undefined,
      })),
    )
    for (const outcome of outcomes) assert.ok(outcome.ok)
    for (const id of ids) this.#present.add(id)
  }

  async #delete(id: string): Promise<void> {
    if (this.#present.delete(id)) await this.client.delete(this.name, id)
  }

  async #control(path: string, method: string, body?: unknown): Promise<void> {
    await this.#sandbox.admin(`/organizations/${this.#organization}/${path}`, method, body)
  }
}

type Started = Awaited<ReturnType<typeof startSandboxClient>>

function guidAt(row: number): string {
  return IDS[row % MOST_ROWS] ?? ''
}

function guidOf(text: string): string {
  const digits = createHash('sha256').update(text).digest('hex')
  return digits.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
