import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from '../../../../test/soak/store-kills.ts'

test('nothing that was confirmed is lost when hub and server are killed', async (t) => {
  const result = await run({ rounds: 4, seed: 7, log: (line) => t.diagnostic(line) })
  assert.equal(result.lost, 0)
  assert.ok(result.confirmed > 50, `only ${result.confirmed} rows were confirmed`)
})
