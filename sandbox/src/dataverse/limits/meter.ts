import type { LimitSettings } from './settings.ts'
import { type LimitKind, limitExceeded, UserLimits } from './user-limits.ts'

/** What happened in one window of the clock, or since the last reset. */
export interface Spent {
  readonly serverSeconds: number
  readonly requests: number
  readonly throttled: Readonly<Record<LimitKind, number>>
}

export interface LimitUsage {
  /** Each user on each server: what counts at this moment. */
  readonly now: readonly {
    readonly user: string
    readonly server: number
    readonly requests: number
    readonly executionSeconds: number
    readonly running: number
    readonly blockedSeconds: number
  }[]
  readonly users: readonly (Spent & { readonly user: string })[]
  /** All users, window by window from the first request on; the last thousand of them. */
  readonly windows: readonly (Spent & { readonly from: string })[]
}

interface Tally {
  milliseconds: number
  requests: number
  throttled: Record<LimitKind, number>
}

/** A request that was let in. */
export interface Admission {
  finish(milliseconds: number, inner: number): void
}

const MOST_WINDOWS = 1_000

/** Keeps the service protection limits of every user on every web server, and counts what is used. */
export class LimitMeter {
  readonly #now: () => number
  #limits = new Map<string, { user: string; server: number; limits: UserLimits }>()
  #users = new Map<string, Tally>()
  #windows: { from: number; tally: Tally }[] = []

  constructor(now: () => number) {
    this.#now = now
  }

  /** Lets a request in. @throws Fault 429 before any work is done */
  admit(user: string, server: number, settings: LimitSettings): Admission {
    const limits = this.#of(user, server)
    const now = this.#now()
    const kind = limits.admit(settings, now)
    const tallies = () => [this.#tally(user), this.#window(settings)]
    if (kind !== undefined) {
      for (const tally of tallies()) tally.throttled[kind] += 1
      throw limitExceeded(kind, settings, limits.retryAfter(now))
    }
    for (const tally of tallies()) tally.requests += 1
    return {
      finish: (milliseconds, inner) => {
        const more = settings.batchCounts === 'each' ? Math.max(0, inner - 1) : 0
        limits.finish(this.#now(), milliseconds, more)
        for (const tally of tallies()) tally.milliseconds += milliseconds
      },
    }
  }

  remaining(user: string, server: number, settings: LimitSettings) {
    return this.#of(user, server).remaining(settings, this.#now())
  }

  usage(settings: LimitSettings): LimitUsage {
    const now = this.#now()
    return {
      now: [...this.#limits.values()].map(({ user, server, limits }) => {
        const { requests, milliseconds, running, blockedMs } = limits.used(settings, now)
        const executionSeconds = milliseconds / 1_000
        return {
          user,
          server,
          requests,
          executionSeconds,
          running,
          blockedSeconds: blockedMs / 1_000,
        }
      }),
      users: [...this.#users].map(([user, tally]) => ({ user, ...spent(tally) })),
      windows: this.#windows.map(({ from, tally }) => ({
        from: new Date(from).toISOString(),
        ...spent(tally),
      })),
    }
  }

  /** Forgets what was used, waits included. */
  reset(): void {
    this.#limits = new Map()
    this.#users = new Map()
    this.#windows = []
  }

  #of(user: string, server: number): UserLimits {
    const key = `${server} ${user}`
    const known = this.#limits.get(key)
    if (known) return known.limits
    const limits = new UserLimits()
    this.#limits.set(key, { user, server, limits })
    return limits
  }

  #tally(user: string): Tally {
    const known = this.#users.get(user)
    if (known) return known
    const tally = empty()
    this.#users.set(user, tally)
    return tally
  }

  #window(settings: LimitSettings): Tally {
    const length = settings.windowSeconds * 1_000
    const now = this.#now()
    const last = this.#windows.at(-1)
    if (last && now < last.from + length) return last.tally
    const from = last ? last.from + Math.floor((now - last.from) / length) * length : now
    const tally = empty()
    this.#windows.push({ from, tally })
    if (this.#windows.length > MOST_WINDOWS) this.#windows.shift()
    return tally
  }
}

function empty(): Tally {
  const throttled = { requests: 0, executionTime: 0, concurrentRequests: 0 }
  return { milliseconds: 0, requests: 0, throttled }
}

function spent({ milliseconds, requests, throttled }: Tally): Spent {
  return { serverSeconds: milliseconds / 1_000, requests, throttled: { ...throttled } }
}
