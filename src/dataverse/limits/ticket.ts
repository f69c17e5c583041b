import type { LimitHints, LimitName } from './signals.ts'

/** A request that asks to be sent. */
export interface Demand {
  /** How long it is expected to run, in ms. */
  readonly expectedMs: number
  /** Work without anybody waiting for it, which leaves something to the others. */
  readonly background: boolean
}

/** Whether a request may be sent now; if not, what it waits for and, where that is known, until when. */
export type Decision =
  | { readonly go: true }
  | { readonly go: false; readonly limit: LimitName; readonly at?: number }

/** A request that was let go. */
export interface Ticket extends Demand {
  readonly sentAt: number
  /** The one request that finds out whether the service takes requests again. */
  readonly probe: boolean
}

/** How a request ended. */
export interface Ending {
  readonly at: number
  /** The limit that the service refused it for. */
  readonly refusedFor?: LimitName
  /** How long the service wants to be left alone, in ms. */
  readonly pauseMs?: number
  /** The service, or a gateway before it, broke down under it. */
  readonly overloaded?: boolean
  readonly hints?: LimitHints
}
