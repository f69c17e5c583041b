import type { CodedError } from '../../kernel/index.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { Chunk, ChunkManner, ChunkResult, PartResult } from './chunk.ts'
import type { Situation } from './split.ts'
import { wordingOf } from './split.ts'

// The user, the environment or the address: whatever the row, the answer is the same.
// https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes
const NEVER_A_ROW = new Set([
  '0x80040225', // the user is disabled
  '0x80042f09', // the user has no role
  '0x8004a104', // the organization is disabled
  '0x8004d24b', // the user has no licence
  '0x80060890', // the key is not defined
  '0x8006088a', // the address leads nowhere
  '0x80072325', // the storage is used up
  '0x80072560', // the user is not a member of the organization
])
// Said in the same words of each row that is not there, or there already.
const ALWAYS_A_ROW = new Set([
  '0x80040217',
  '0x80060891',
  '0x80040237',
  '0x80060892',
  '0x80040333',
  '0x80060882',
])
const OFTEN_ALL = new Set(['forbidden', 'not_found', 'not_supported'])
const ENOUGH_WHERE_OFTEN_ALL = 8
const ENOUGH = 200
const MOST_EXHAUSTED = 2

/**
 * Notices when the reason of a failure lies in no row, so that all others would fail as well: the load
 * then ends with one error instead of as many requests as it has rows.
 */
export class Verdict implements Situation {
  readonly #table: string
  readonly #longestPauseMs: number
  #written = 0
  #alike = 0
  #wording: string | undefined
  #exhausted = 0

  /** `longestPauseMs` is the longest that the service may ask for within the service protection limits. */
  constructor(table: string, longestPauseMs: number) {
    this.#table = table
    this.#longestPauseMs = longestPauseMs
  }

  get written(): number {
    return this.#written
  }

  get alike(): number {
    return this.#alike
  }

  /** Hears how a chunk came out; tells why the load must end, if it must. */
  hear(
    result: ChunkResult,
    { items, manner }: Pick<Chunk, 'items' | 'manner'>,
  ): CodedError | undefined {
    const rows = items.length
    if (result.kind === 'done') this.#wrote(rows)
    if (result.kind === 'passing') return this.#pause(result.error)
    if (result.kind === 'refused') return this.#whole(result.error, rows, manner)
    if (result.kind === 'parts') return this.#parts(result.parts)
    if (result.kind !== 'each') return undefined
    let verdict: CodedError | undefined
    for (const row of result.rows) {
      if (row.kind === 'done') this.#wrote(1)
      else if (row.kind === 'passing') verdict ??= this.#pause(row.error)
      else if (row.kind === 'refused') verdict ??= this.#alone(row.error)
    }
    return verdict
  }

  /** Rows were waited for until nothing was left to try; tells why the load must end, if it must. */
  gaveUp(error: CodedError): CodedError | undefined {
    this.#exhausted += 1
    if (this.#exhausted < MOST_EXHAUSTED) return undefined
    return this.#ending(error, 'It was tried again and again, and no row was written meanwhile.')
  }

  #wrote(rows: number): void {
    this.#written += rows
    this.#alike = 0
    this.#exhausted = 0
  }

  #parts(parts: readonly PartResult[]): CodedError | undefined {
    let verdict: CodedError | undefined
    for (const { items, result } of parts) {
      verdict ??= this.hear(result, { items, manner: 'together' })
    }
    return verdict
  }

  /** The refusal of a request as a whole. */
  #whole(error: DataverseError, rows: number, manner: ChunkManner): CodedError | undefined {
    if (rows === 1) return this.#alone(error)
    // A batch whose rows go by themselves is not refused for one of them.
    if (manner !== 'each' || !OFTEN_ALL.has(error.code)) return this.#never(error)
    return this.#ending(error, 'It refused a batch as a whole, and not its rows.')
  }

  #never(error: DataverseError): CodedError | undefined {
    if (!NEVER_A_ROW.has(error.dataverseCode ?? '')) return undefined
    return this.#ending(error, 'What the service says holds for every row.')
  }

  /** The refusal of a single row. */
  #alone(error: DataverseError): CodedError | undefined {
    const wording = wordingOf(error)
    this.#alike = wording === this.#wording ? this.#alike + 1 : 1
    this.#wording = wording
    if (ALWAYS_A_ROW.has(error.dataverseCode ?? '')) return undefined
    const enough = OFTEN_ALL.has(error.code) ? ENOUGH_WHERE_OFTEN_ALL : ENOUGH
    if (this.#alike < enough) return this.#never(error)
    const why = `It refused ${this.#alike} rows one after the other in the same words, each by itself.`
    return this.#ending(error, why)
  }

  // The daily entitlement, unlike the service protection limits, is not worth waiting for.
  #pause(error: CodedError): CodedError | undefined {
    const { retry } = error.explanation
    const afterMs = retry.when === 'later' ? (retry.afterMs ?? 0) : 0
    if (error.code !== 'throttled' || afterMs <= this.#longestPauseMs) return undefined
    return this.#ending(error, 'It asks for a longer wait than its protection limits ever need.')
  }

  #ending(cause: CodedError, why: string): CodedError {
    const { what, remedy, who, retry } = cause.explanation
    if (!(cause instanceof DataverseError)) return cause
    const { status, dataverseCode, requestId, facts } = cause
    return new DataverseError(cause.code, {
      what: `The bulk write to ${this.#table} was ended: ${what}`,
      why,
      ...{ remedy, who, retry, facts, cause },
      ...(status === undefined ? {} : { status }),
      ...(dataverseCode === undefined ? {} : { dataverseCode }),
      ...(requestId === undefined ? {} : { requestId }),
    })
  }
}
