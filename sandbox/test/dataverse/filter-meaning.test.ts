import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Expression, Literal, Operand } from '../../src/dataverse/query/expression.ts'
import { printFilter } from './print-filter.ts'
import { createRig, type Rig } from './rig.ts'

/** A row as JSON gives it, with its tasks and its parent at hand. */
interface Row {
  readonly values: Readonly<Record<string, unknown>>
  readonly tasks: readonly Row[]
  readonly parent: Row | undefined
}

const TEXTS = ['a', 'A', 'ab', "o'x", 'x%y', 'bx', 'ba']
const NUMBERS = [-1, 0, 1, 2.5, 100]

const text = fc.constantFrom(...TEXTS)
const number = fc.constantFrom(...NUMBERS)
const string = (value: string): Literal => ({ kind: 'string', value })
const numeric = (value: number): Literal => ({ kind: 'number', value, text: String(value) })
const path = (...segments: string[]): Operand => ({ kind: 'path', segments })

type Names = { readonly text: Operand[]; readonly number: Operand[] }

const ACCOUNT: Names = {
  text: [path('name'), path('telephone1'), path('parentaccountid', 'name')],
  number: [
    path('numberofemployees'),
    path('revenue'),
    path('parentaccountid', 'numberofemployees'),
  ],
}
const TASK: Names = {
  text: [path('t', 'subject'), path('t', 'category')],
  number: [path('t', 'actualdurationminutes')],
}
const operator = fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le')

function leaf(names: Names): fc.Arbitrary<Expression> {
  const texts = fc.constantFrom(...names.text)
  const numbers = fc.constantFrom(...names.number)
  const nothing = fc.constant<Operand>({ kind: 'null' })
  const compare = (left: fc.Arbitrary<Operand>, right: fc.Arbitrary<Operand>) =>
    fc.record({ kind: fc.constant('compare' as const), operator, left, right })
  return fc.oneof(
    compare(texts, fc.oneof(text.map(string), nothing, texts)),
    compare(numbers, fc.oneof(number.map(numeric), nothing, numbers)),
    fc.record({
      kind: fc.constant('text' as const),
      name: fc.constantFrom('contains', 'startswith', 'endswith'),
      subject: texts,
      search: fc.constantFrom('a', 'B', "'").map(string),
    }),
  )
}

function tree(leaves: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const { all } = fc.letrec<{ all: Expression }>((tie) => ({
    all: fc.oneof(
      { depthSize: 'small' },
      leaves,
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        left: tie('all'),
        right: tie('all'),
      }),
      fc.record({ kind: fc.constant('not' as const), inner: tie('all') }),
    ),
  }))
  return all
}

const lambda: fc.Arbitrary<Expression> = fc.oneof(
  fc.constant<Expression>({ kind: 'lambda', path: ['Account_Tasks'], quantifier: 'any' }),
  fc.record({
    kind: fc.constant('lambda' as const),
    path: fc.constant(['Account_Tasks']),
    quantifier: fc.constantFrom('any' as const, 'all' as const),
    variable: fc.constant('t'),
    body: tree(leaf(TASK)),
  }),
)

/** What a filter means, said as plainly as can be: true, false, or null where nobody can tell. */
function holds(expression: Expression, row: Row, task?: Row): boolean | null {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const both = [holds(expression.left, row, task), holds(expression.right, row, task)]
      const decisive = expression.kind === 'or'
      if (both.includes(decisive)) return decisive
      return both.includes(null) ? null : !decisive
    }
    case 'not': {
      const inner = holds(expression.inner, row, task)
      return inner === null ? null : !inner
    }
    case 'lambda': {
      const { body, quantifier } = expression
      if (!body) return row.tasks.length > 0
      const each = row.tasks.map((one) => holds(body, row, one) === true)
      return quantifier === 'any' ? each.some(Boolean) : each.every(Boolean)
    }
    case 'text': {
      const subject = read(expression.subject, row, task)
      const search = read(expression.search, row, task)
      if (typeof subject !== 'string' || typeof search !== 'string') return null
      if (expression.name === 'contains') return subject.includes(search)
      return expression.name === 'startswith'
        ? subject.startsWith(search)
        : subject.endsWith(search)
    }
    case 'compare':
      return compare(
        expression.operator,
        read(expression.left, row, task),
        read(expression.right, row, task),
      )
    case 'function':
      throw new Error('no functions here')
  }
}

function compare(name: string, left: string | number | null, right: string | number | null) {
  if (name === 'eq') return left === right
  if (name === 'ne') return left !== right
  if (left === null || right === null) return false
  if (name === 'gt') return left > right
  if (name === 'ge') return left >= right
  return name === 'lt' ? left < right : left <= right
}

function read(operand: Operand, row: Row, task: Row | undefined): string | number | null {
  if (operand.kind === 'string') return operand.value.toLowerCase()
  if (operand.kind === 'number') return operand.value
  if (operand.kind !== 'path') return null
  const [first = '', second] = operand.segments
  const from = first === 't' ? task : first === 'parentaccountid' ? row.parent : row
  const value = from?.values[second ?? first]
  if (typeof value === 'string') return value.toLowerCase()
  return typeof value === 'number' ? value : null
}

const account = fc.record({
  name: fc.option(text),
  telephone1: fc.option(text),
  numberofemployees: fc.option(fc.constantFrom(0, 1, 100)),
  revenue: fc.option(fc.constantFrom(0, 1, 2.5, 100)),
})
const taskValues = fc.record({
  subject: fc.option(text),
  category: fc.option(text),
  actualdurationminutes: fc.option(fc.constantFrom(0, 1, 100)),
})
const rows = fc.array(
  fc.record({ values: account, tasks: fc.array(taskValues, { maxLength: 2 }), parent: fc.nat(9) }),
  { minLength: 3, maxLength: 6 },
)

async function store(rig: Rig, drawn: ReturnType<typeof rows.generate>['value']) {
  const made: { id: string; row: Row }[] = []
  for (const { values, tasks, parent } of drawn) {
    const above = made[parent]
    const reply = await rig.call('accounts', {
      method: 'POST',
      headers: { prefer: 'return=representation' },
      body: {
        ...values,
        ...(above ? { 'parentaccountid@odata.bind': `/accounts(${above.id})` } : {}),
        Account_Tasks: tasks,
      },
    })
    assert.equal(reply.status, 201, reply.text)
    const own = tasks.map((task) => ({ values: task, tasks: [], parent: undefined }))
    made.push({ id: reply.json.accountid, row: { values, tasks: own, parent: above?.row } })
  }
  return made
}

test('a filter lets through just the rows for which it holds when read plainly', async () => {
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.array(tree(fc.oneof(leaf(ACCOUNT), lambda)), { minLength: 8, maxLength: 8 }),
      async (drawn, filters) => {
        const rig = createRig({ accounts: 0, contacts: 0 })
        const made = await store(rig, drawn)
        for (const filter of filters) {
          const written = printFilter(filter)
          const reply = await rig.call(
            `accounts?$select=accountid&$filter=${encodeURIComponent(written)}`,
          )
          assert.equal(reply.status, 200, `${written}: ${reply.text}`)
          const found = reply.json.value.map((one: { accountid: string }) => one.accountid)
          const expected = made.filter(({ row }) => holds(filter, row) === true).map(({ id }) => id)
          assert.deepEqual(found, expected, written)
        }
      },
    ),
    { numRuns: 30 },
  )
})
