const KEPT_AFTER_REFUSAL = 0.99
const LEAST = 0.05
const MOST = 16
// Less than this is not believed, for a wrong header must not bring everything to a stop.
const LEAST_TOLD = 0.5
const ANSWERS_AVERAGED = 16
const GROWTH = 0.02
const RECOVERY = 0.1
const RECOVERED = 0.8
const BEYOND_ONE = 1.25

/**
 * How much of one limit may be used within a window: the documented figure at first.
 *
 * It falls to what was in use when the service refused. After a window that was used up without a
 * refusal it rises, a little in each further one, since an environment with several web servers allows
 * a multiple; and at once where an answer says how much is left.
 */
export class Allowance {
  readonly #base: number
  readonly #windowMs: number
  #value: number
  #usedUpSince: number | undefined
  #heldBackAt = Number.NEGATIVE_INFINITY
  #grewAt = Number.NEGATIVE_INFINITY
  #hintedAt = Number.NEGATIVE_INFINITY
  #usedShare = 1
  #refusedAt = Number.NEGATIVE_INFINITY

  constructor(base: number, windowMs: number) {
    this.#base = base
    this.#windowMs = windowMs
    this.#value = base
  }

  get value(): number {
    return this.#value
  }

  /** Whether more is allowed than one web server allows, so that there must be several. */
  get isOfSeveral(): boolean {
    return this.#value > this.#base * BEYOND_ONE
  }

  /** Which share of a window is used by the service's own count, if answers tell it: the mean of several. */
  usedShare(now: number): number | undefined {
    return now - this.#hintedAt < this.#windowMs && now - this.#refusedAt >= this.#windowMs
      ? this.#usedShare
      : undefined
  }

  /** A request has to wait for this limit. */
  heldBack(now: number): void {
    if (now - this.#heldBackAt > this.#windowMs) this.#usedUpSince = now
    this.#usedUpSince ??= now
    this.#heldBackAt = now
  }

  /** A request was answered: time to see whether a whole window went well. */
  answered(now: number): void {
    // Where the answers tell it, nothing has to be found out.
    if (now - this.#hintedAt < this.#windowMs) return
    if (this.#usedUpSince === undefined || now - this.#usedUpSince < this.#windowMs) return
    const growth = this.#value < this.#base * RECOVERED ? RECOVERY : GROWTH
    // By the time that has passed, so that the limit is found by one request and not by several.
    const since = Math.min(this.#windowMs / 20, now - this.#grewAt)
    this.#grewAt = now
    this.#set(this.#value + (this.#base * growth * since) / this.#windowMs)
  }

  /** The service refused a request that was sent at `sentAt`, while `used` was in use. */
  refused(sentAt: number, now: number, used: number): void {
    // Others of the same burst tell nothing new.
    if (sentAt < this.#refusedAt) return
    this.#refusedAt = now
    this.#usedUpSince = undefined
    // Far below, somebody else has used up the rest: that may be over soon.
    this.#set(Math.max(Math.min(this.#value, used) * KEPT_AFTER_REFUSAL, this.#value / 2))
  }

  /**
   * An answer told how much is left on its web server, while `used` was in use on all together. The two
   * make up the limit in our own measure, which counts the network too; one answer says it roughly, the
   * mean of several well. After a refusal they are not believed for a window: another web server may be
   * the one that is used up.
   */
  hinted(now: number, used: number, remaining: number): void {
    if (now - this.#refusedAt < this.#windowMs) return
    const told = Math.max(this.#base * LEAST_TOLD, used + remaining)
    const isFirst = now - this.#hintedAt >= this.#windowMs
    const before = isFirst ? told : this.#value
    this.#hintedAt = now
    const share = Math.max(0, 1 - remaining / this.#base)
    this.#usedShare = isFirst
      ? share
      : this.#usedShare + (share - this.#usedShare) / ANSWERS_AVERAGED
    this.#value = before + (told - before) / ANSWERS_AVERAGED
  }

  #set(value: number): void {
    this.#value = Math.min(this.#base * MOST, Math.max(this.#base * LEAST, value))
  }
}
