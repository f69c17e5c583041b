import type { LimitName } from './signals.ts'
import type { Decision, Ticket } from './ticket.ts'

const WITHOUT_WORD = 1 / 60
const WITHOUT_WORD_FOR_A_PLACE = 1 / 300

/** A refusal by one of the limits. */
export interface LimitRefusal {
  readonly limit: LimitName
  /** How long the service wants to be left alone, in ms. */
  readonly pauseMs?: number
  /** What is allowed was learned to be more than one web server allows. */
  readonly severalServers: boolean
}

/**
 * Holds everything back after a refusal; then one request finds out, before the others follow.
 *
 * A refusal, with its Retry-After, is the word of one web server, and no request can choose its server
 * without the affinity cookie. Where the refusing one is all there is, its word is kept to the letter.
 * Where more was used than one allows, there are others. The same share of the next requests would be
 * refused as before, so that they are not let go either; but the one that finds out goes early, and only
 * if it is refused too, everything waits for as long as the service asked.
 */
export class Pause {
  readonly #windowMs: number
  #until = Number.NEGATIVE_INFINITY
  #limit: LimitName = 'concurrency'
  #probe: 'due' | 'sent' | undefined

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /** What holds a request back at this moment. */
  holds(now: number): Decision | undefined {
    if (now < this.#until) return { go: false, limit: this.#limit, at: this.#until }
    return this.#probe === 'sent' ? { go: false, limit: this.#limit } : undefined
  }

  /** Until when the service asked to be left alone; `undefined` where that is over. */
  until(now: number): number | undefined {
    return now < this.#until ? this.#until : undefined
  }

  /** A request goes; tells whether it is the one that finds out. */
  begin(): boolean {
    if (this.#probe !== 'due') return false
    this.#probe = 'sent'
    return true
  }

  /** A request has ended, however. */
  end({ probe }: Pick<Ticket, 'probe'>): void {
    if (probe) this.#probe = undefined
  }

  refused({ probe }: Pick<Ticket, 'probe'>, at: number, by: LimitRefusal): void {
    const { limit, severalServers } = by
    const short = this.#shortest(limit)
    const asked = by.pauseMs ?? short
    const until = at + (severalServers && !probe ? Math.min(asked, short) : asked)
    if (until > this.#until) {
      this.#until = until
      this.#limit = limit
    }
    this.#probe ??= 'due'
  }

  #shortest(limit: LimitName): number {
    const share = limit === 'concurrency' ? WITHOUT_WORD_FOR_A_PLACE : WITHOUT_WORD
    return this.#windowMs * share
  }
}
