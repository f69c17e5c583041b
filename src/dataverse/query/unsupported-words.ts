const CASE = 'Leave it out: texts compare without regard to case.'
const PART_OF_TEXT = 'Use contains, startswith or endswith.'
const DATE =
  'Use a query function such as Microsoft.Dynamics.CRM.On or ThisYear, or compare with ge and lt.'
const NUMBER = 'Compare the column itself with a value that was computed before.'
const TYPE = 'Write the value in the form of the column’s type.'

/** Functions of OData that Dataverse does not have, with what to use instead. */
export const UNSUPPORTED_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ...instead(CASE, ['tolower', 'toupper', 'trim']),
  ...instead(PART_OF_TEXT, [
    'concat',
    'indexof',
    'length',
    'matchesPattern',
    'substring',
    'substringof',
  ]),
  ...instead(DATE, [
    'date',
    'day',
    'fractionalseconds',
    'hour',
    'maxdatetime',
    'mindatetime',
    'minute',
    'month',
    'now',
    'second',
    'time',
    'totaloffsetminutes',
    'totalseconds',
    'year',
  ]),
  ...instead(NUMBER, ['ceiling', 'floor', 'round']),
  ...instead(TYPE, ['cast', 'isof']),
])

/** Operators of OData that Dataverse does not have, with what to use instead. */
export const UNSUPPORTED_OPERATORS: ReadonlyMap<string, string> = new Map([
  ['in', 'Use Microsoft.Dynamics.CRM.In, or several comparisons joined by or.'],
  ['has', 'Use Microsoft.Dynamics.CRM.ContainValues.'],
  ['like', 'Use contains, startswith or endswith.'],
  ...instead(NUMBER, ['add', 'div', 'divby', 'mod', 'mul', 'sub']),
  ['is', 'Use eq or ne.'],
])

/** Types that were written before a quoted value in OData 2. */
export const OLD_TYPES = /^(?:binary|datetime|datetimeoffset|guid|time|x)'/i

function instead(remedy: string, names: readonly string[]) {
  return names.map((name) => [name, remedy] as const)
}
