import assert from 'node:assert/strict'
import { findEntry, type Output } from '../../../src/connector/index.ts'
import { DataverseError } from '../../../src/dataverse/index.ts'
import { isObject, type Json, systemClock } from '../../../src/kernel/index.ts'
import { runContext } from '../run-context.ts'
import type { Change, PolledTable, TableName } from './polled-table.ts'

/** What is polled, and how large the host lets a snapshot be. */
export interface Poll {
  readonly objectType: TableName
  readonly pollConfig: 'created' | 'lastModified'
  /** From when to when, in seconds of the table's time, both inclusive. */
  readonly start?: number | undefined
  readonly end?: number | undefined
  readonly maxCursorBytes: number
}

/** One execution of the trigger, and what happens to it. */
export interface Execution {
  readonly emitBehavior: 'emitIndividually' | 'emitPage'
  readonly pageSize: number
  readonly singlePagePerInterval: boolean
  /** What happens to the table after so many outputs. */
  readonly meanwhile?: Meanwhile | undefined
  /** The service refuses the next link to a further page. */
  readonly refusesLink?: boolean | undefined
  /** The host dies after so many outputs. */
  readonly dies?: Death | undefined
}

interface Meanwhile {
  readonly after: number
  readonly changes: readonly Change[]
}

interface Death {
  readonly after: number
  /** Whether those outputs stay that no checkpoint has followed. */
  readonly keepsOutput: boolean
  /** By how many checkpoints the host is thrown back. */
  readonly forgets: number
}

const AHEAD_MS = 86_400_000

type ReadRow = Readonly<Record<string, unknown>>

/** A place to go on from, and how many rows had come out before. */
interface Place {
  readonly cursor: Json
  readonly count: number
}

/** A host of the polling trigger: takes outputs, keeps checkpoints, and dies. */
export class PollingHost {
  /** What has come out: each row in its version. */
  readonly versions: string[] = []
  readonly #poll: Poll
  readonly #table: PolledTable
  readonly #places: Place[] = [{ cursor: null, count: 0 }]

  constructor(poll: Poll, table: PolledTable) {
    this.#poll = poll
    this.#table = table
  }

  async execute(execution: Execution): Promise<void> {
    const { dies, meanwhile, refusesLink = false } = execution
    if (refusesLink) await this.#table.refuseNextLink()
    await this.#table.setClock()
    let count = 0
    try {
      for await (const output of this.#outputs(execution)) {
        if (count === dies?.after) break
        count += 1
        this.#take(output)
        if (count === meanwhile?.after)
          for (const change of meanwhile.changes) await this.#table.change(change)
      }
    } catch (error) {
      // In the middle of a walk it is the execution that fails; the next one begins the walk again.
      if (!refusesLink || !(error instanceof DataverseError)) throw error
    }
    if (refusesLink) await this.#table.takeLinks()
    this.#end(dies)
  }

  /** Forgets the places before, so that it is not thrown back beyond. */
  settle(): void {
    this.#places.splice(0, this.#places.length - 1)
  }

  /** The version of a row by which it is told whether it came out. */
  versionOf(row: ReadRow): string {
    const version = this.#poll.pollConfig === 'created' ? row['createdon'] : row['@odata.etag']
    return `${this.#table.idOf(row)} ${version}`
  }

  /** Whether a row is one of those that are polled. */
  isPolled(row: ReadRow): boolean {
    const {
      pollConfig,
      start = Number.NEGATIVE_INFINITY,
      end = Number.POSITIVE_INFINITY,
    } = this.#poll
    const stamp = row[pollConfig === 'created' ? 'createdon' : 'modifiedon']
    const seconds = this.#table.secondsAt(String(stamp))
    return seconds >= start && seconds <= end
  }

  #outputs({ emitBehavior, pageSize, singlePagePerInterval }: Execution): AsyncIterable<Output> {
    const { objectType, pollConfig, start, end, maxCursorBytes } = this.#poll
    const times = {
      ...(start === undefined ? {} : { startTime: this.#table.timeAt(start) }),
      ...(end === undefined ? {} : { endTime: this.#table.timeAt(end) }),
    }
    const how = { emitBehavior, pageSize, singlePagePerInterval }
    const context = runContext(this.#table.client, { objectType, pollConfig, ...times, ...how }, {})
    const cursor: unknown = JSON.parse(JSON.stringify(this.#place.cursor))
    const limits = { ...context.limits, maxCursorBytes }
    // The host's clock is wrong.
    const clock = { ...systemClock, now: () => this.#table.now + AHEAD_MS }
    const trigger = findEntry('getNewAndUpdatedObjectsPolling')
    assert.ok(trigger)
    return trigger.run({ ...context, clock, cursor, limits })
  }

  #take(output: Output): void {
    if (output.kind === 'checkpoint') {
      const bytes = Buffer.byteLength(JSON.stringify(output.cursor))
      const { maxCursorBytes } = this.#poll
      assert.ok(bytes <= maxCursorBytes, `a snapshot of ${bytes} bytes, above ${maxCursorBytes}`)
      this.#places.push({ cursor: output.cursor, count: this.versions.length })
      return
    }
    const { body } = output
    const rows = isObject(body) && Array.isArray(body['results']) ? body['results'] : [body]
    assert.ok(rows.length > 0)
    for (const row of rows) {
      assert.ok(isObject(row) && this.isPolled(row), `${JSON.stringify(row)} is not polled`)
      this.versions.push(this.versionOf(row))
    }
  }

  #end(death: Death | undefined): void {
    const { forgets = 0, keepsOutput = false } = death ?? {}
    this.#places.splice(Math.max(1, this.#places.length - forgets))
    if (!keepsOutput) this.versions.length = this.#place.count
  }

  get #place(): Place {
    const place = this.#places.at(-1)
    assert.ok(place)
    return place
  }
}
