import { badQuery, notSupported } from '../fault.ts'
import type { Column } from '../schema/model.ts'
import { periodOf } from './calendar.ts'
import { callerIds, callerLanguage } from './callers.ts'
import { comparison, idsOf } from './comparison.ts'
import { fiscalTest } from './fiscal.ts'
import { hierarchyIds } from './hierarchy.ts'
import { asGuid, readAs, type Scalar } from './operands.ts'
import type { Scope } from './scope.ts'

export type Item = string | number | boolean | null

/** True, false, or null where there is nothing to test. */
export type ValueTest = (value: Scalar) => boolean | null

/** One of Dataverse's own conditions as it was written, whatever the language. */
export interface Condition {
  /** The name of the query function; FetchXML's operators are translated to it. */
  readonly name: string
  readonly column: Column
  /** All values of a condition that takes several. */
  items(): readonly Item[]
  /** The value of a condition that takes one. */
  text(): string
  /** The values of a condition that takes two numbers. */
  pair(): readonly [string, string]
}

const CALENDAR = new Set(['Edm.DateTimeOffset', 'Edm.Date'])
const HIERARCHY = new Set(['Above', 'AboveOrEqual', 'Under', 'UnderOrEqual', 'NotUnder'])

/** Makes the test of one condition; a name that is not known is said with 501. */
export function conditionTest(
  scope: Pick<Scope, 'database' | 'caller' | 'now'>,
  condition: Condition,
): ValueTest {
  const { name, column } = condition
  switch (name) {
    case 'In':
    case 'NotIn':
      return among(valueSet(condition), name === 'In')
    case 'Between':
    case 'NotBetween':
      return between(scope, condition, name === 'Between')
    case 'ContainValues':
    case 'DoesNotContainValues':
      return containing(condition, name === 'ContainValues')
    case 'EqualUserLanguage':
      return (value) => (value === null ? null : value === callerLanguage())
    default:
      break
  }
  const ids = callerIds(name, scope)
  if (ids) {
    if (column.edm !== 'Edm.Guid') throw wrongType(condition, 'a lookup or an id')
    return among(ids, !name.startsWith('Not'))
  }
  if (HIERARCHY.has(name)) return inHierarchy(scope, condition)
  return dated(scope.now, condition)
}

/** Compares text without regard to case, ids without braces. */
export function comparisonKey(value: Scalar): Scalar {
  return typeof value === 'string' ? (asGuid(value) ?? value.toLowerCase()) : value
}

function valueSet(condition: Condition): ReadonlySet<Scalar> {
  return new Set(condition.items().map((item) => comparisonKey(readAs(condition.column, item))))
}

function among(values: ReadonlySet<Scalar>, wanted: boolean): ValueTest {
  return (value) => (value === null ? null : values.has(comparisonKey(value)) === wanted)
}

function between(
  { database }: Pick<Scope, 'database'>,
  condition: Condition,
  wanted: boolean,
): ValueTest {
  const items = condition.items()
  if (items.length !== 2) throw badQuery(`${condition.name} takes exactly two property values.`)
  const [low, high] = items.map((item) => comparisonKey(readAs(condition.column, item)))
  if (low === undefined || high === undefined || low === null || high === null) return () => null
  const reaches = comparison('ge', idsOf(database, condition.column))
  return (given) => {
    const value = comparisonKey(given)
    return value === null ? null : (reaches(value, low) && reaches(high, value)) === wanted
  }
}

/** A choice column with several values keeps them as a comma list. */
function containing(condition: Condition, wanted: boolean): ValueTest {
  if (condition.column.type !== 'MultiSelectPicklist') {
    throw wrongType(condition, 'a choices column')
  }
  const values = new Set(condition.items().map(String))
  return (value) =>
    value === null
      ? null
      : String(value)
          .split(',')
          .some((one) => values.has(one)) === wanted
}

function inHierarchy(scope: Pick<Scope, 'database'>, condition: Condition): ValueTest {
  const { name, column } = condition
  const id = asGuid(condition.text())
  if (id === undefined) throw badQuery(`The value of ${name} is no id: '${condition.text()}'.`)
  const direction = name.startsWith('Above') ? 'above' : 'below'
  const ids = new Set(hierarchyIds(scope.database, column, id, direction))
  if (name.endsWith('OrEqual')) ids.add(id)
  return among(ids, name !== 'NotUnder')
}

function dated(now: number, condition: Condition): ValueTest {
  const { name } = condition
  const numbers = (): readonly number[] => {
    const given = name.endsWith('PeriodAndYear') ? condition.pair() : [condition.text()]
    return given.map((text) => {
      if (/^\d{1,5}$/.test(text) && Number(text) > 0) return Number(text)
      throw badQuery(`The value of ${name} is no number above zero: '${text}'.`)
    })
  }
  const test = fiscalTest(name, now, numbers) ?? inPeriod(now, condition)
  if (!test) throw notSupported(`the query function ${name}`)
  if (!CALENDAR.has(condition.column.edm)) throw wrongType(condition, 'a date column')
  return (value) => (typeof value === 'number' ? test(value) : null)
}

function inPeriod(now: number, condition: Condition): ((time: number) => boolean) | undefined {
  const period = periodOf(condition.name, now, () => condition.text())
  return period && ((time) => time >= period.from && time < period.until)
}

function wrongType({ name, column }: Condition, needed: string): Error {
  return badQuery(`The function ${name} needs ${needed}, not '${column.name}'.`)
}
