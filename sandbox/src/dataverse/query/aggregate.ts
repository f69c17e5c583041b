import { Fault } from '../fault.ts'
import type { CompareIds } from '../store/id-sorting.ts'
import { comparisonKey } from './conditions.ts'
import type { Scalar } from './operands.ts'
import { compareValues } from './order.ts'
import type { Frame } from './scope.ts'

export type Method = 'sum' | 'average' | 'min' | 'max' | 'count' | 'countcolumn' | 'countdistinct'

/** A value that rows are grouped by. */
export interface GroupKey {
  /** Set where the values are ids, those of lookups too. */
  readonly compareIds: CompareIds | undefined
  get(frame: Frame): Scalar
}

/** A value to be aggregated over the rows of a group. */
export interface Measure {
  readonly method: Method
  readonly edm: string
  get(frame: Frame): Scalar
}

/** Decimals are kept as whole billionths, so that sums are exact. */
export type Aggregated = Scalar | bigint

/** The rows that share the values of the keys. */
export interface Group {
  /** One of its rows, to write the keys from. */
  readonly sample: Frame
  readonly keys: readonly Scalar[]
  readonly values: readonly Aggregated[]
}

export const MAX_AGGREGATED = 50_000
const DIGITS = 9
const BILLION = 10n ** BigInt(DIGITS)

/** Passes frames on and counts them. */
export function* tallied(frames: Iterable<Frame>, tally: { rows: number }): Iterable<Frame> {
  tally.rows = 0
  for (const frame of frames) {
    tally.rows += 1
    yield frame
  }
}

/**
 * Groups rows by their keys and aggregates each group; without keys all rows are one group.
 * @throws Fault 0x8004e023 when there are more rows than an aggregate may read
 */
export function aggregate(
  frames: Iterable<Frame>,
  keys: readonly GroupKey[],
  measures: readonly Measure[],
  limit: number = MAX_AGGREGATED,
): Group[] {
  const groups = new Map<string, Draft>()
  let read = 0
  for (const frame of frames) {
    read += 1
    if (read > limit) throw tooMany()
    const values = keys.map((key) => key.get(frame))
    const name = JSON.stringify(values.map(comparisonKey))
    const known = groups.get(name)
    const group = known ?? { sample: [...frame], keys: values, sums: measures.map(collector) }
    if (!known) groups.set(name, group)
    for (const sum of group.sums) sum.add(frame)
  }
  if (keys.length === 0 && groups.size === 0) {
    groups.set('', { sample: [], keys: [], sums: measures.map(collector) })
  }
  return [...groups.values()]
    .sort((a, b) => compareKeys(keys, a.keys, b.keys))
    .map(({ sample, keys: values, sums }) => ({
      sample,
      keys: values,
      values: sums.map((sum) => sum.result()),
    }))
}

/** Writes billionths as the service writes aggregated decimals. */
export function decimalText(value: bigint): string {
  const sign = value < 0n ? '-' : ''
  const digits = String(value < 0n ? -value : value).padStart(DIGITS + 1, '0')
  return `${sign}${digits.slice(0, -DIGITS)}.${digits.slice(-DIGITS)}`
}

export function decimalNumber(value: bigint): number {
  return Number(value) / Number(BILLION)
}

interface Draft {
  readonly sample: Frame
  readonly keys: readonly Scalar[]
  readonly sums: readonly Collector[]
}

interface Collector {
  add(frame: Frame): void
  result(): Aggregated
}

function collector(measure: Measure): Collector {
  switch (measure.method) {
    case 'count':
      return counter(() => true)
    case 'countcolumn':
      return counter((frame) => measure.get(frame) !== null)
    case 'countdistinct': {
      const seen = new Set<Scalar>()
      return {
        add(frame) {
          const value = measure.get(frame)
          if (value !== null) seen.add(comparisonKey(value))
        },
        result: () => seen.size,
      }
    }
    case 'min':
    case 'max':
      return extreme(measure)
    case 'sum':
    case 'average':
      return measure.edm === 'Edm.Decimal' ? decimalSum(measure) : plainSum(measure)
  }
}

function counter(counts: (frame: Frame) => boolean): Collector {
  let count = 0
  return {
    add(frame) {
      if (counts(frame)) count += 1
    },
    result: () => count,
  }
}

function extreme({ method, edm, get }: Measure): Collector {
  let best: Scalar = null
  return {
    add(frame) {
      const value = get(frame)
      if (value === null) return
      const order = best === null ? 0 : compareValues(value, best)
      if (best === null || (method === 'min' ? order < 0 : order > 0)) best = value
    },
    result: () => (edm === 'Edm.Decimal' && typeof best === 'number' ? billionths(best) : best),
  }
}

/** The average of whole numbers is a whole number, as in the database. */
function plainSum({ method, edm, get }: Measure): Collector {
  let sum = 0
  let count = 0
  return {
    add(frame) {
      const value = get(frame)
      if (typeof value !== 'number') return
      sum += value
      count += 1
    },
    result() {
      if (method === 'sum') return sum
      if (count === 0) return null
      return edm === 'Edm.Double' ? sum / count : Math.trunc(sum / count)
    },
  }
}

function decimalSum({ method, get }: Measure): Collector {
  let sum = 0n
  let count = 0n
  return {
    add(frame) {
      const value = get(frame)
      if (typeof value !== 'number') return
      sum += billionths(value)
      count += 1n
    },
    result: () => (method === 'sum' ? sum : count === 0n ? null : sum / count),
  }
}

/** Takes the digits that the number is written with, not those that its binary form has beyond them. */
function billionths(value: number): bigint {
  const text = String(value)
  const [whole = '0', fraction = ''] = (text.includes('e') ? value.toFixed(DIGITS) : text).split(
    '.',
  )
  return BigInt(whole + fraction.slice(0, DIGITS).padEnd(DIGITS, '0'))
}

function compareKeys(
  keys: readonly GroupKey[],
  left: readonly Scalar[],
  right: readonly Scalar[],
): number {
  for (const [index, { compareIds }] of keys.entries()) {
    const order = compareValues(left[index] ?? null, right[index] ?? null, compareIds)
    if (order !== 0) return order
  }
  return 0
}

function tooMany(): Fault {
  return new Fault(
    400,
    '0x8004e023',
    'AggregateQueryRecordLimit exceeded. Cannot perform this operation.',
  )
}
