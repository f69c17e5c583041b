import type { Alerts } from '../alerts/index.ts'
import { measureBacklog, type Queryable, type TriggerKey } from '../store/index.ts'
import { backlogFull, type TriggerError } from './trigger-error.ts'
import type { TriggerParts } from './trigger-parts.ts'

/** How much of a trigger's messages is kept at most, waiting or given up. */
export interface BacklogBounds {
  readonly messages: number
  readonly bytes: number
}

interface Backlog {
  messages: number
  bytes: number
}

interface Measured {
  readonly key: TriggerKey
  readonly at: number
  readonly backlog: Promise<Backlog>
}

const FRESH_MS = 2_000

/**
 * Keeps the messages that wait within bounds. What is stored is measured now and then, and what this process
 * lets in since is added: with several hubs on a database it may become a little more.
 */
export class Backlogs {
  readonly #parts: Pick<TriggerParts, 'store' | 'clock'>
  readonly #alerts: Pick<Alerts, 'raise' | 'clear'>
  readonly #bounds: BacklogBounds
  readonly #measured = new Map<string, Measured>()

  constructor(
    parts: Pick<TriggerParts, 'store' | 'clock'>,
    alerts: Pick<Alerts, 'raise' | 'clear'>,
    bounds: BacklogBounds,
  ) {
    this.#parts = parts
    this.#alerts = alerts
    this.#bounds = bounds
  }

  /** Lets a message in. @throws TriggerError `backlog_full` */
  async admit(key: TriggerKey, bytes: number): Promise<void> {
    const known = this.#measured.get(key.id)
    const isFresh = known !== undefined && this.#parts.clock.now() - known.at < FRESH_MS
    const backlog = await (isFresh ? known : this.#measure(key)).backlog
    if (this.#isFull(backlog)) throw backlogFull(key.id, this.#bounds)
    backlog.messages += 1
    backlog.bytes += bytes
  }

  /** Looks again at every backlog that is known: an alert should not stay because no message comes. */
  async look(): Promise<void> {
    for (const { key } of [...this.#measured.values()]) await this.#measure(key).backlog
  }

  /** Forgets a trigger that goes. */
  async forget(key: TriggerKey, db: Queryable): Promise<void> {
    this.#measured.delete(key.id)
    await this.#alerts.clear(key.workspaceId, subjectOf(key), db)
  }

  #measure(key: TriggerKey): Measured {
    const backlog = this.#read(key)
    const measured = { key, at: this.#parts.clock.now(), backlog }
    this.#measured.set(key.id, measured)
    backlog.catch(() => {
      if (this.#measured.get(key.id) === measured) this.#measured.delete(key.id)
    })
    return measured
  }

  async #read(key: TriggerKey): Promise<Backlog> {
    const backlog = await measureBacklog(this.#parts.store.db, key)
    if (this.#isFull(backlog)) await this.#raise(key, backlogFull(key.id, this.#bounds))
    else await this.#alerts.clear(key.workspaceId, subjectOf(key))
    return { ...backlog }
  }

  #isFull({ messages, bytes }: Backlog): boolean {
    return messages >= this.#bounds.messages || bytes >= this.#bounds.bytes
  }

  async #raise(key: TriggerKey, { code, explanation, facts }: TriggerError): Promise<void> {
    await this.#alerts.raise(key.workspaceId, {
      subject: subjectOf(key),
      kind: 'trigger_backlog',
      level: 'error',
      occurrence: code,
      ...{ code, explanation, facts },
    })
  }
}

function subjectOf({ id }: TriggerKey): string {
  return `trigger:${id}:backlog`
}
