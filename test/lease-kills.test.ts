import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from './soak/lease-kills.ts'

test('killed and stopped lease holders cost at most what the server takes', async () => {
  const lines: string[] = []
  const { rounds, alive, lost } = await run({ rounds: 4, seed: 1, log: (line) => lines.push(line) })
  assert.equal(alive + lost, rounds, lines.join('\n'))
  assert.ok(lost >= 1, 'no round was hard enough')
})
