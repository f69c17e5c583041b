import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { startDataverseServer } from '../../test/support/dataverse-server.ts'
import { bodiesOf, runContext } from '../../test/support/run-context.ts'
import { ConnectorError, type ConnectorErrorCode } from './connector-error.ts'
import { defineAction } from './define-entry.ts'
import { integerField } from './field.ts'

const repeat = defineAction({
  name: 'repeat',
  title: 'Repeat',
  help: 'Says it again.',
  order: 1,
  config: z.object({
    times: integerField({ label: 'Times', order: 1, min: 1, max: 3, default: 2 }),
  }),
  input: z.object({ word: z.string().meta({ title: 'Word' }) }),
  run: async function* ({ config, input }) {
    yield { kind: 'data', body: Array(config.times).fill(input.word) }
  },
})

async function run(t: Parameters<typeof startDataverseServer>[0], config: unknown, input: unknown) {
  const server = await startDataverseServer(t, () => ({}))
  return await bodiesOf(repeat.run(runContext(server.client(), config, input)))
}

test('configuration and input are checked, and defaults filled in, before an action runs', async (t) => {
  assert.deepEqual(await run(t, undefined, { word: 'a' }), [['a', 'a']])
  assert.deepEqual(await run(t, { times: '3' }, { word: 'a' }), [['a', 'a', 'a']])
})

test('what cannot be used is named by its key and label, or as a whole', async (t) => {
  const cases: readonly (readonly [
    config: unknown,
    input: unknown,
    code: ConnectorErrorCode,
    field: string,
    words: RegExp,
  ])[] = [
    [{ times: 4 }, { word: 'a' }, 'invalid_field', 'times', /“Times” \(times\).* 1 to 3/],
    [{}, {}, 'missing_field', 'word', /“Word” \(word\)/],
    [{}, { word: 7 }, 'invalid_field', 'word', /“Word”/],
    [[], { word: 'a' }, 'invalid_field', 'config', /not a JSON object/],
    [{}, 'a', 'invalid_field', 'input', /not a JSON object/],
  ]
  for (const [config, input, code, field, words] of cases) {
    await assert.rejects(run(t, config, input), (error) => {
      assert.ok(error instanceof ConnectorError)
      assert.deepEqual([error.code, error.facts['field']], [code, field])
      assert.match(error.message, words)
      return true
    })
  }
})
