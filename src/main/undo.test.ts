import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Undo } from './undo.ts'

test('what was opened last is closed first, and a failure keeps nothing open', async () => {
  const undo = new Undo()
  const closed: string[] = []
  undo.defer(async () => void closed.push('first'))
  undo.defer(async () => {
    throw new Error('stuck')
  })
  undo.defer(async () => void closed.push('last'))
  await assert.rejects(undo.run(), /stuck/)
  assert.deepEqual(closed, ['last', 'first'])
})

test('work that fails half-way leaves nothing open', async () => {
  const undo = new Undo()
  let open = 0
  await assert.rejects(
    undo.whole(async () => {
      open += 1
      undo.defer(async () => {
        open -= 1
      })
      throw new Error('half-way')
    }),
    /half-way/,
  )
  assert.equal(open, 0)
})
