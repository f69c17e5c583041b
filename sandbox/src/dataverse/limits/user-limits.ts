import { Fault } from '../fault.ts'
import { MovingSum } from './moving-sum.ts'
import type { LimitSettings } from './settings.ts'

/** The limit that a request was refused for. */
export type LimitKind = 'requests' | 'executionTime' | 'concurrentRequests'

/** Longer waits come of pressing on, but not of those requests that were already on their way. */
const GRACE_MS = 1_000

/** What one user has used of one web server, and how long it refuses him. */
export class UserLimits {
  readonly #requests = new MovingSum()
  readonly #execution = new MovingSum()
  #running = 0
  #block:
    | { kind: LimitKind; base: number; until: number; strikes: number; grown: number }
    | undefined

  /** Lets a request in, or tells the limit that keeps it out. */
  admit(settings: LimitSettings, now: number): LimitKind | undefined {
    const kind = settings.enforced ? this.#exceeded(settings, now) : undefined
    if (kind !== undefined) return kind
    this.#requests.add(now, 1)
    this.#running += 1
    return undefined
  }

  /** Ends a request that was let in; `more` are those that a batch held besides. */
  finish(now: number, milliseconds: number, more: number): void {
    this.#running -= 1
    this.#execution.add(now, milliseconds)
    if (more > 0) this.#requests.add(now, more)
  }

  remaining(settings: LimitSettings, now: number): { requests: number; seconds: number } {
    const { requests, milliseconds } = this.used(settings, now)
    return {
      requests: Math.max(0, settings.requests - requests),
      seconds: Math.max(0, settings.executionSeconds - milliseconds / 1_000),
    }
  }

  used(settings: LimitSettings, now: number) {
    const window = settings.windowSeconds * 1_000
    return {
      requests: this.#requests.at(now, window),
      milliseconds: this.#execution.at(now, window),
      running: this.#running,
      blockedMs: Math.max(0, (this.#block?.until ?? 0) - now),
    }
  }

  /** Whole seconds, as `Retry-After` gives them. */
  retryAfter(now: number): number {
    return Math.max(1, Math.ceil(((this.#block?.until ?? now) - now) / 1_000))
  }

  #exceeded(settings: LimitSettings, now: number): LimitKind | undefined {
    const window = settings.windowSeconds * 1_000
    const block = this.#block
    // Too many at once is refused at once, and no reason to refuse what comes when they have ended.
    const waits = block !== undefined && block.kind !== 'concurrentRequests' && now < block.until
    if (waits) return this.#pressedOn(settings, now, block.kind)
    if (this.#running >= settings.concurrentRequests) {
      return this.#pressedOn(settings, now, 'concurrentRequests')
    }
    if (this.#requests.at(now, window) >= settings.requests) {
      return this.#begin(
        'requests',
        now,
        this.#requests.waitUntil(settings.requests - 1, now, window),
      )
    }
    const allowed = settings.executionSeconds * 1_000
    if (this.#execution.at(now, window) > allowed) {
      return this.#begin('executionTime', now, this.#execution.waitUntil(allowed, now, window))
    }
    return undefined
  }

  #begin(kind: LimitKind, now: number, wait: number): LimitKind {
    const base = Math.max(GRACE_MS, Math.ceil(wait / 1_000) * 1_000)
    this.#block = { kind, base, until: now + base, strikes: 0, grown: now }
    return kind
  }

  #pressedOn(settings: LimitSettings, now: number, kind: LimitKind): LimitKind {
    const block = this.#block
    if (block?.kind !== kind || now >= block.until + GRACE_MS) return this.#begin(kind, now, 0)
    if (settings.retryAfter === 'growing' && now >= block.grown + GRACE_MS) {
      block.strikes += 1
      block.grown = now
      const longest = settings.windowSeconds * 1_000
      block.until = now + Math.min(longest, block.base * (1 + block.strikes))
    } else if (kind === 'concurrentRequests') block.until = Math.max(block.until, now + block.base)
    return kind
  }
}

const CODES: Readonly<Record<LimitKind, string>> = {
  requests: '0x80072322',
  executionTime: '0x80072321',
  concurrentRequests: '0x80072326',
}

/** The 429 of a limit, with the figures that are in force. */
export function limitExceeded(kind: LimitKind, settings: LimitSettings, seconds: number): Fault {
  const headers = { 'retry-after': String(seconds) }
  return new Fault(429, CODES[kind], messageOf(kind, settings), headers)
}

function messageOf(kind: LimitKind, settings: LimitSettings): string {
  const over = `over time window of ${settings.windowSeconds} seconds.`
  switch (kind) {
    case 'requests':
      return `Number of requests exceeded the limit of ${settings.requests} ${over}`
    case 'executionTime': {
      const milliseconds = (settings.executionSeconds * 1_000).toLocaleString('en-US')
      return `Combined execution time of incoming requests exceeded limit of ${milliseconds} milliseconds ${over} Decrease number of concurrent requests or reduce the duration of requests and try again later.`
    }
    case 'concurrentRequests':
      return `Number of concurrent requests exceeded the limit of ${settings.concurrentRequests}.`
  }
}
