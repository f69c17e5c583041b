import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findVerb, neededOption, readArguments } from './read-arguments.ts'
import { UsageError } from './usage-error.ts'
import { verbs } from './verbs/list.ts'

const read = (...words: string[]) => {
  const { verb, rest } = findVerb(verbs, words)
  return { name: verb.name, ...readArguments(verb, rest) }
}

test('the longest name wins, and a group alone lists', () => {
  assert.equal(read('credentials', 'show', 'Demo').name, 'credentials show')
  assert.equal(read('credentials').name, 'credentials')
  assert.equal(read('credentials', '--json').name, 'credentials')
})

test('options may stand before the verb', () => {
  const { name, options, positionals } = read('--hub', 'https://h.example', '--json', 'verify', 'x')
  assert.deepEqual([name, positionals], ['verify', ['x']])
  assert.deepEqual([options['hub'], options['json']], ['https://h.example', true])
})

test('a text that begins like an option follows a double dash', () => {
  assert.deepEqual(read('explain', '--', '-1: AADSTS50011').positionals, ['-1: AADSTS50011'])
})

test('what is missing or too much is named', () => {
  const why = (...words: string[]) => {
    try {
      return read(...words).name
    } catch (error) {
      return error instanceof UsageError ? error.explanation.why : undefined
    }
  }
  assert.equal(why('connect'), 'It needs <crm address>.')
  assert.match(why('credentials', 'show', 'My', 'CRM') ?? '', /^"CRM" is one argument too many/)
})

test('a verb of this machine alone takes no address of a hub', () => {
  assert.throws(() => read('keys', 'rotate', '--hub', 'https://h.example'), { code: 'usage' })
})

test('a needed option is not taken empty', () => {
  const { verb } = findVerb(verbs, ['raw'])
  assert.throws(() => neededOption(verb, { options: { credential: '' } }, 'credential'), {
    code: 'usage',
  })
})
