import { Fault } from '../fault.ts'
import type { Jobs } from './jobs.ts'
import type { Notice } from './outbox.ts'
import { type Outcome, post } from './post.ts'

/** One webhook as it was sent, for those who test with it. */
export interface Delivery {
  readonly step: string
  readonly message: string
  readonly table: string
  readonly id: string
  readonly mode: 'sync' | 'async'
  readonly attempts: Outcome['attempts']
  /** The code of the failure, or null. */
  readonly failure: string | null
}

export interface DeliveryOptions {
  readonly isAllowed: (hostname: string) => boolean
  readonly timeoutMs: number
}

const MOST_WAITING = 10_000
const AT_ONCE = 8
const MOST_LISTED = 500

/** Sends the webhooks of one organization, a few at once, and remembers the last of them. */
export class Deliveries {
  readonly #options: DeliveryOptions
  readonly #stop = new AbortController()
  readonly #waiting: { readonly notice: Notice; readonly job: string; readonly jobs: Jobs }[] = []
  #list: Delivery[] = []
  #running = 0

  constructor(options: DeliveryOptions) {
    this.#options = options
  }

  /** Those that are waiting or under way. */
  get pending(): number {
    return this.#waiting.length + this.#running
  }

  list(): readonly Delivery[] {
    return this.#list
  }

  clear(): void {
    this.#list = []
  }

  /** Sends one now, and tells how that went. */
  async send(notice: Notice): Promise<Outcome> {
    const { step, headers, body } = notice
    const { endpoint } = step
    const outcome = await post({
      ...this.#options,
      endpoint,
      headers,
      body,
      signal: this.#stop.signal,
    })
    this.#remember(notice, outcome)
    return outcome
  }

  /** Sends one later, with a system job that tells how that went. */
  enqueue(notice: Notice, jobs: Jobs): void {
    const job = jobs.begin(notice)
    if (this.#waiting.length >= MOST_WAITING) {
      const failure = new Fault(400, '0x80050205', 'Too many webhooks are waiting to be sent.')
      jobs.end(job, notice, { attempts: [], failure })
      return
    }
    this.#waiting.push({ notice, job, jobs })
    void this.#drain()
  }

  /** Gives up what is under way and what waits. */
  close(): void {
    this.#waiting.length = 0
    this.#stop.abort()
  }

  async #drain(): Promise<void> {
    if (this.#running >= AT_ONCE) return
    this.#running += 1
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      next.jobs.end(next.job, next.notice, await this.send(next.notice))
    }
    this.#running -= 1
  }

  #remember({ step, message, row }: Notice, { attempts, failure }: Outcome): void {
    this.#list.push({
      step: step.name,
      message,
      ...row,
      mode: step.isSync ? 'sync' : 'async',
      attempts,
      failure: failure?.code ?? null,
    })
    if (this.#list.length > MOST_LISTED) this.#list.shift()
  }
}
