/** Operators whose query function has another name than their own words. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['contain-values', 'ContainValues'],
  ['not-contain-values', 'DoesNotContainValues'],
  ['eq-userid', 'EqualUserId'],
  ['ne-userid', 'NotEqualUserId'],
  ['eq-businessid', 'EqualBusinessId'],
  ['ne-businessid', 'NotEqualBusinessId'],
  ['eq-userlanguage', 'EqualUserLanguage'],
  ['eq-userteams', 'EqualUserTeams'],
  ['eq-useroruserteams', 'EqualUserOrUserTeams'],
  ['eq-useroruserhierarchy', 'EqualUserOrUserHierarchy'],
  ['eq-useroruserhierarchyandteams', 'EqualUserOrUserHierarchyAndTeams'],
  ['eq-or-above', 'AboveOrEqual'],
  ['eq-or-under', 'UnderOrEqual'],
  ['last-seven-days', 'Last7Days'],
  ['next-seven-days', 'Next7Days'],
])

const SAME_WORDS = [
  'in not-in between not-between above under not-under on on-or-after on-or-before',
  'today yesterday tomorrow',
  'last-week last-month last-year last-fiscal-period last-fiscal-year',
  'this-week this-month this-year this-fiscal-period this-fiscal-year',
  'next-week next-month next-year next-fiscal-period next-fiscal-year',
  'last-x-hours last-x-days last-x-weeks last-x-months last-x-years',
  'last-x-fiscal-periods last-x-fiscal-years',
  'next-x-hours next-x-days next-x-weeks next-x-months next-x-years',
  'next-x-fiscal-periods next-x-fiscal-years',
  'olderthan-x-minutes olderthan-x-hours olderthan-x-days olderthan-x-weeks',
  'olderthan-x-months olderthan-x-years',
  'in-fiscal-period in-fiscal-year in-fiscal-period-and-year',
  'in-or-after-fiscal-period-and-year in-or-before-fiscal-period-and-year',
]

const FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ...RENAMED,
  ...SAME_WORDS.flatMap((line) => line.split(' ')).map((name) => [name, joined(name)] as const),
])

/** The query function that an operator is the same as; undefined for those that have none. */
export function functionOf(operator: string): string | undefined {
  return FUNCTIONS.get(operator)
}

function joined(operator: string): string {
  return operator
    .replace('olderthan', 'older-than')
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
