import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DataverseError } from '../errors/dataverse-error.ts'
import { type Filter, where } from './filter.ts'
import type { FilterExpression, Operand } from './filter-expression.ts'
import { formatFilter } from './format-filter.ts'
import { literal } from './literal.ts'
import { parseFilter } from './parse-filter.ts'
import { NAMESPACE, queryFunctionNames, shapeOf } from './query-functions.ts'

function faultOf(text: string): { at: unknown; message: string; remedy: string } {
  try {
    parseFilter(text)
  } catch (error) {
    assert.ok(error instanceof DataverseError && error.code === 'invalid_filter', String(error))
    const { message, explanation, facts } = error
    return { at: facts['position'], message, remedy: explanation.remedy }
  }
  return assert.fail(`It was read: ${text}`)
}

/** Writes an expression again, with every group in parentheses. */
function print(expression: FilterExpression): string {
  const text = ({ text: written }: Operand) => written
  switch (expression.kind) {
    case 'comparison':
      return `${text(expression.left)} ${expression.comparison} ${text(expression.right)}`
    case 'search':
      return `${expression.search}(${text(expression.column)},${text(expression.text)})`
    case 'function': {
      const given = expression.parameters.map(([name, value]) => `${name}=${text(value)}`)
      return `${NAMESPACE}${expression.name}(${given.join(',')})`
    }
    case 'lambda': {
      const { variable, body } = expression
      const inner = body === undefined ? '' : `${variable}:${print(body)}`
      return `${expression.collection}/${expression.quantifier}(${inner})`
    }
    case 'not':
      return `not (${print(expression.part)})`
    default:
      return expression.parts.map((part) => `(${print(part)})`).join(` ${expression.kind} `)
  }
}

test('what the documents show is read', () => {
  for (const text of [
    "contains(name,'(sample)')",
    'revenue lt 100000 and revenue gt 2000',
    "not contains(name,'sample')",
    "(contains(name,'sample') or contains(name,'test')) and revenue gt 5000",
    "lastname eq 'O''Bryan'",
    'firstname eq lastname',
    "primarycontactid/createdby/fullname eq 'x'",
    '_primarycontactid_value eq a0dbf27c-8efb-e511-80d2-00155db07c77',
    "_owninguser_value eq 'a0dbf27c-8efb-e511-80d2-00155db07c77'",
    'Microsoft.Dynamics.CRM.Between(PropertyName=\'numberofemployees\',PropertyValues=["5","2000"])',
    'Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)',
    "Microsoft.Dynamics.CRM.LastXHours(PropertyName='modifiedon',PropertyValue='5')",
    "Account_Tasks/any(t:t/statecode eq 1 and contains(t/subject,'x'))",
    'Account_Tasks/all(t:t/Task_Notes/any(n:n/isdocument eq true))',
    'Account_Tasks/any()',
    "OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'",
    'createdon ge 2020-01-01T00:00:00Z and birthdate lt 1990-12-31',
    'sdkmessageid/name eq @message and primaryobjecttypecode eq @table',
    'amount gt -1.5e3 and price le .5 and other ne null',
    " name  eq\t'a' ",
  ]) {
    assert.doesNotThrow(() => parseFilter(text), text)
  }
})

test('“and” binds more strongly than “or”, and “not” than both', () => {
  assert.equal(
    print(parseFilter('a eq 1 or b eq 2 and not c eq 3 or d eq 4')),
    '(a eq 1) or ((b eq 2) and (not (c eq 3))) or (d eq 4)',
  )
})

test('an error shows its place and what to write instead', () => {
  const quote = faultOf("lastname eq 'O'Bryan''")
  assert.equal(quote.at, 15)
  assert.match(quote.message, /position 15.*lastname eq 'O'▸Bryan''/)
  assert.match(quote.remedy, /twice/)
  assert.equal(faultOf("name eq 'abc").at, 8)
  assert.equal(faultOf('name eq "abc"').at, 8)
  assert.match(faultOf('name eq "abc"').remedy, /single quotes/)
  assert.equal(faultOf('name = 5').at, 5)
  assert.equal(faultOf('(name eq 5').at, 10)
  assert.equal(faultOf('name eq 5) or (x eq 1').at, 9)
  assert.equal(faultOf('').at, 0)
  assert.equal(faultOf('name eq').at, 7)
  assert.match(faultOf("guid eq guid'a0dbf27c-8efb-e511-80d2-00155db07c77'").remedy, /bare/)
  assert.equal(faultOf('a eq 1 & b eq 2').at, 7)
  const far = `${"name eq 'x' or ".repeat(50)}name eq`
  assert.ok(faultOf(far).message.length < 250)
})

test('what Dataverse does not have is named, with what to use instead', () => {
  assert.match(faultOf("tolower(name) eq 'x'").message, /no function “tolower”/)
  assert.match(faultOf("tolower(name) eq 'x'").remedy, /without regard to case/)
  assert.match(faultOf('year(createdon) eq 2020').remedy, /query function/)
  assert.match(faultOf("name in ('a','b')").remedy, /CRM\.In/)
  assert.match(faultOf('a add 1 eq 2').remedy, /Compare the column itself/)
  assert.match(faultOf("containz(name,'x')").remedy, /contains/)
  assert.match(faultOf("LastXDays(PropertyName='a',PropertyValue=1)").remedy, /CRM\.LastXDays/)
  const typo = faultOf("Microsoft.Dynamics.CRM.LastXDayz(PropertyName='a',PropertyValue=1)")
  assert.match(typo.remedy, /LastXDays/)
  assert.match(
    faultOf("Microsoft.Dynamics.CRM.LastXDays(PropertyName='a')").message,
    /lacks PropertyValue/,
  )
  assert.match(
    faultOf("Microsoft.Dynamics.CRM.Today(PropertyName='a',PropertyValue=1)").message,
    /too many/,
  )
})

test('the service’s own rules are kept: no “not” before a query function, no collection below a lookup', () => {
  assert.match(
    faultOf("not Microsoft.Dynamics.CRM.In(PropertyName='a',PropertyValues=['1'])").remedy,
    /NotIn/,
  )
  assert.match(faultOf("not (Microsoft.Dynamics.CRM.Today(PropertyName='a'))").message, /no “not”/)
  assert.match(faultOf('primarycontactid/x/any(o:o/a eq 1)').message, /lookup/)
  assert.match(faultOf('a/any(o:o/p/x/any())').message, /lookup/)
})

test('nesting has an end', () => {
  assert.doesNotThrow(() => parseFilter(`${'('.repeat(90)}a eq 1${')'.repeat(90)}`))
  assert.match(faultOf('('.repeat(100_000)).message, /too deeply/)
})

const name = fc.constantFrom('name', '_ownerid_value', 'primarycontactid/fullname', 'a1')
const hostile = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc
    .array(fc.constantFrom("'", '"', ')', '(', ' or ', '[', ']', '%', '\\', ',', ' eq 1', '&', '#'))
    .map((pieces) => pieces.join('')),
)
const text = hostile.filter((each) => each.isWellFormed() && !each.includes('\0'))
const comparison = fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le' as const)
const value = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constant(null),
  fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
  fc.uuid().map((id) => literal('guid', id)),
)

const comparisonFilter = fc
  .tuple(name, comparison, value)
  .map(([column, how, given]): Filter => where[how](column, given))

const queryFilter = fc
  .tuple(fc.constantFrom(...queryFunctionNames()), fc.array(text, { minLength: 2, maxLength: 2 }))
  .map(([each, texts]): Filter => {
    const shape = shapeOf(each)
    const values =
      shape === 'none'
        ? []
        : shape === 'text'
          ? texts.slice(0, 1)
          : shape === 'number'
            ? [7]
            : shape === 'twoNumbers'
              ? [1, 2026]
              : texts
    return { kind: 'function', name: each, column: 'name', values }
  })

const { filter: anyFilter } = fc.letrec<{ filter: Filter; related: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparisonFilter,
    queryFilter,
    fc.tuple(name, comparison, name).map(([a, how, b]) => where.columns(a, how, b)),
    fc.tuple(name, text).map(([column, part]) => where.contains(column, part)),
    fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((all) => where.and(...all)),
    fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((all) => where.or(...all)),
    comparisonFilter.map((inner) => where.not(inner)),
    fc.constant(where.any('Account_Tasks')),
    tie('related').map((inner) => where.any('Account_Tasks', inner)),
  ),
  related: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparisonFilter,
    fc.tuple(comparisonFilter, tie('related')).map(([a, b]) => where.or(a, where.not(b))),
    tie('related').map((inner) => where.all('Task_Notes', inner)),
  ),
}))

test('everything that the builder writes is read, and says the same when it is written again', () => {
  fc.assert(
    fc.property(anyFilter, (filter) => {
      const written = formatFilter(filter)
      const expression = parseFilter(written)
      const again = print(expression)
      assert.equal(print(parseFilter(again)), again)
      // Beside the grouping nothing differs.
      const bare = (each: string) => each.replace(/[()]/g, '')
      assert.equal(bare(again), bare(written))
    }),
    { numRuns: 500 },
  )
})

test('no value of a query function gets out of its list', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (values) => {
      const [first = '', ...others] = values
      const written = formatFilter(where.query('In', 'name', first, ...others))
      const expression = parseFilter(written)
      assert.ok(expression.kind === 'function')
      const [, list] = expression.parameters[1] ?? []
      assert.deepEqual(JSON.parse(list?.text ?? ''), values)
      // A reader that knows of quotes and brackets alone finds the same end.
      assert.match(list?.text ?? '', /^\[[^'[\]]*\]$/)
    }),
    { numRuns: 300 },
  )
})
