import type { Literal } from './literal.ts'

// What each of Dataverse's own functions takes beside the column, as its metadata declares it.
// https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/queryfunctions
const NO_VALUE = [
  'EqualBusinessId',
  'EqualUserId',
  'EqualUserLanguage',
  'EqualUserOrUserHierarchy',
  'EqualUserOrUserHierarchyAndTeams',
  'EqualUserOrUserTeams',
  'EqualUserTeams',
  'Last7Days',
  'LastFiscalPeriod',
  'LastFiscalYear',
  'LastMonth',
  'LastWeek',
  'LastYear',
  'Next7Days',
  'NextFiscalPeriod',
  'NextFiscalYear',
  'NextMonth',
  'NextWeek',
  'NextYear',
  'NotEqualBusinessId',
  'NotEqualUserId',
  'ThisFiscalPeriod',
  'ThisFiscalYear',
  'ThisMonth',
  'ThisWeek',
  'ThisYear',
  'Today',
  'Tomorrow',
  'Yesterday',
] as const

const TEXT = [
  'Above',
  'AboveOrEqual',
  'Contains',
  'NotUnder',
  'On',
  'OnOrAfter',
  'OnOrBefore',
  'Under',
  'UnderOrEqual',
] as const

const NUMBER = [
  'InFiscalPeriod',
  'InFiscalYear',
  'LastXDays',
  'LastXFiscalPeriods',
  'LastXFiscalYears',
  'LastXHours',
  'LastXMonths',
  'LastXWeeks',
  'LastXYears',
  'NextXDays',
  'NextXFiscalPeriods',
  'NextXFiscalYears',
  'NextXHours',
  'NextXMonths',
  'NextXWeeks',
  'NextXYears',
  'OlderThanXDays',
  'OlderThanXHours',
  'OlderThanXMinutes',
  'OlderThanXMonths',
  'OlderThanXWeeks',
  'OlderThanXYears',
] as const

const TWO_NUMBERS = [
  'InFiscalPeriodAndYear',
  'InOrAfterFiscalPeriodAndYear',
  'InOrBeforeFiscalPeriodAndYear',
] as const

const TWO_VALUES = ['Between', 'NotBetween'] as const
const LIST = ['ContainValues', 'DoesNotContainValues', 'In', 'NotIn'] as const

/** A value of a query function; the service takes all of them as texts. */
export type QueryFunctionValue = string | number | bigint | Date | Literal

/** Which values each of Dataverse's query functions takes, the column aside. */
export type QueryFunctionValues = {
  readonly [Name in (typeof NO_VALUE)[number]]: readonly []
} & {
  readonly [Name in (typeof TEXT)[number]]: readonly [value: string | Date | Literal]
} & {
  readonly [Name in (typeof NUMBER)[number]]: readonly [value: number]
} & {
  readonly [Name in (typeof TWO_NUMBERS)[number]]: readonly [period: number, year: number]
} & {
  readonly [Name in (typeof TWO_VALUES)[number]]: readonly [
    from: QueryFunctionValue,
    to: QueryFunctionValue,
  ]
} & {
  readonly [Name in (typeof LIST)[number]]: readonly [
    first: QueryFunctionValue,
    ...others: readonly QueryFunctionValue[],
  ]
}

/** The name of one of Dataverse's query functions, without its namespace. */
export type QueryFunctionName = keyof QueryFunctionValues

/** How a function takes its values. */
export type FunctionShape = 'list' | 'none' | 'number' | 'text' | 'twoNumbers' | 'twoValues'

const SHAPES: ReadonlyMap<string, FunctionShape> = new Map([
  ...shape('none', NO_VALUE),
  ...shape('text', TEXT),
  ...shape('number', NUMBER),
  ...shape('twoNumbers', TWO_NUMBERS),
  ...shape('twoValues', TWO_VALUES),
  ...shape('list', LIST),
])

/** The parameters that a function of a shape has beside the column's name. */
export const PARAMETERS: Readonly<Record<FunctionShape, readonly string[]>> = {
  list: ['PropertyValues'],
  none: [],
  number: ['PropertyValue'],
  text: ['PropertyValue'],
  twoNumbers: ['PropertyValue1', 'PropertyValue2'],
  twoValues: ['PropertyValues'],
}

/** The namespace of Dataverse's own functions. */
export const NAMESPACE = 'Microsoft.Dynamics.CRM.'

/** How the function of this name takes its values; none where there is no such function. */
export function shapeOf(name: string): FunctionShape | undefined {
  return SHAPES.get(name)
}

/** The names of all query functions. */
export function queryFunctionNames(): Iterable<string> {
  return SHAPES.keys()
}

const OPPOSITES: ReadonlyMap<string, string> = new Map(
  [
    ['Between', 'NotBetween'],
    ['ContainValues', 'DoesNotContainValues'],
    ['EqualBusinessId', 'NotEqualBusinessId'],
    ['EqualUserId', 'NotEqualUserId'],
    ['In', 'NotIn'],
    ['UnderOrEqual', 'NotUnder'],
  ].flatMap(([one = '', other = '']) => [
    [one, other],
    [other, one],
  ]),
)

/** Tells what to write instead of `not` before a function. */
export function insteadOfNot(name: string): string {
  const opposite = OPPOSITES.get(name)
  return opposite === undefined
    ? 'State the opposite by comparisons, such as lt and ge.'
    : `Use ${NAMESPACE}${opposite} instead.`
}

function shape(kind: FunctionShape, names: readonly string[]) {
  return names.map((name) => [name, kind] as const)
}
