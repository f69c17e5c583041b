import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startSandbox } from '../src/sandbox.ts'

test('a damaged state is named and left as it is', async (t) => {
  const state = mkdtempSync(join(tmpdir(), 'sandbox-'))
  t.after(() => rmSync(state, { recursive: true }))
  writeFileSync(join(state, 'entra.json'), '{"version":1,')
  await assert.rejects(startSandbox({ state }), /entra\.json is damaged; remove it to begin anew\./)
})

test('a port after which none is left is told', async () => {
  await assert.rejects(
    startSandbox({ port: 65_535 }),
    /^Error: No port is free on 127\.0\.0\.1 from/,
  )
})
