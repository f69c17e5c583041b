import type { Json } from './json.ts'

/** Who can put a failure right. */
export type Who =
  | 'you'
  | 'entra-administrator'
  | 'crm-administrator'
  | 'operator'
  | 'microsoft'
  | 'fairlead'

/**
 * When the same call may succeed if it is simply made again: `never` until something is changed,
 * `later` after `afterMs` or at the caller's own pace, `once` exactly one more time.
 */
export type Retry =
  | { readonly when: 'never' }
  | { readonly when: 'once' }
  | { readonly when: 'later'; readonly afterMs?: number }

/** What every error tells a person: never a secret, never the text of a blocked host's answer. */
export interface Explanation {
  /** What happened, one sentence. */
  readonly what: string
  /** Why, as far as is known. */
  readonly why: string
  /** What to do next, concrete enough to follow. */
  readonly remedy: string
  readonly who: Who
  readonly retry: Retry
}

/** What an error is made of. Unless told otherwise, the caller can put it right and no repetition will. */
export type ErrorDetails = Omit<Explanation, 'who' | 'retry'> &
  Partial<Explanation> & {
    /** Facts worth showing and logging: ids, codes, hosts, field names. No secrets. */
    readonly facts?: Readonly<Record<string, Json>>
    readonly cause?: unknown
  }

/**
 * The one shape of every failure that Fairlead foresees. Each room extends it with its own codes.
 *
 * A failure that is not a `CodedError` is a fault of ours, and is shown as `internal` only.
 */
export abstract class CodedError<Code extends string = string> extends Error {
  /** Stable, snake_case: programs may depend on it. */
  readonly code: Code
  readonly explanation: Explanation
  readonly facts: Readonly<Record<string, Json>>

  constructor(code: Code, details: ErrorDetails) {
    super(details.what, details.cause === undefined ? undefined : { cause: details.cause })
    const { what, why, remedy, who = 'you', retry = { when: 'never' } } = details
    this.name = new.target.name
    this.code = code
    this.explanation = { what, why, remedy, who, retry }
    this.facts = details.facts ?? {}
  }

  /** Gives code, explanation and facts, and never the cause, which may hold anything. */
  toJSON(): Json {
    const { code, explanation, facts } = this
    return { code, ...explanation, retry: { ...explanation.retry }, facts }
  }
}

/** Tells whether the reason says more than the sentence before it, which may hold it. */
export function saysMore({ what, why }: Pick<Explanation, 'what' | 'why'>): boolean {
  return !what.toLowerCase().includes(why.toLowerCase().replace(/\.$/, ''))
}

/** Tells whether the same call may be made again without changing anything. */
export function isRetryable(error: unknown): boolean {
  return error instanceof CodedError && error.explanation.retry.when !== 'never'
}
