import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from '../soak/trigger-kills.ts'

test('hubs that are killed or overtaken in mid-run lose no output and store none twice', async () => {
  const { stored, overtaken } = await run({ rounds: 3, seed: 7, log: () => undefined })
  assert.ok(stored >= 64, `${stored}`)
  assert.equal(overtaken, 1)
})
