import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { changeSet, lines, part, sendBatch } from '../conformance/batch-text.ts'
import { createRig } from './rig.ts'

const WORDS = [
  '--batch_1\r\n',
  '--batch_1--\r\n',
  '--batch_1--',
  '--c1\r\n',
  '--c1--\r\n',
  'Content-Type: application/http\r\n',
  'Content-Type: multipart/mixed; boundary=c1\r\n',
  'Content-Transfer-Encoding: binary\r\n',
  'Content-ID: 1\r\n',
  'Content-Length: 3\r\n',
  'Content-Type: application/json\r\n',
  'POST accounts HTTP/1.1\r\n',
  'PATCH $1 HTTP/1.1\r\n',
  'GET accounts?$top=1 HTTP/1.1\r\n',
  '{"name":"x"}',
  '\r\n',
  '\n',
  '\r',
  ':',
  '😀',
]

test('no text makes a batch fail or hang', async () => {
  const rig = createRig({ accounts: 2, contacts: 2 })
  const call = (body: string) =>
    rig.call('$batch', {
      method: 'POST',
      headers: { 'content-type': 'multipart/mixed; boundary=batch_1' },
      body,
    })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...WORDS), { maxLength: 24 }), async (words) => {
      const { status } = await call(words.join(''))
      assert.ok(status < 500 || status === 501, String(status))
    }),
    { numRuns: 500 },
  )
})

test('a batch that is cut anywhere is refused or read, never a failure', async () => {
  const rig = createRig({ accounts: 2, contacts: 2 })
  const whole = `${part('batch_1', 'GET accounts?$top=1')}${changeSet('batch_1', [['POST accounts', { name: 'x' }]])}--batch_1--\r\n`
  for (let length = 0; length < whole.length; length += 1) {
    const { status } = await rig.call('$batch', {
      method: 'POST',
      headers: { 'content-type': 'multipart/mixed; boundary=batch_1' },
      body: whole.slice(0, length),
    })
    assert.ok(
      status === 400 || (length > whole.length - 3 && status === 200),
      `${length}: ${status}`,
    )
  }
})

const KEYS = ['A-000001', 'A-000002', 'A-000003', 'new-1', 'new-2']
const operation = fc.oneof(
  fc.record({ line: fc.constant('POST accounts'), accountnumber: fc.constantFrom(...KEYS) }),
  fc.record({
    line: fc.constantFrom(...KEYS.map((key) => `PATCH accounts(accountnumber='${key}')`)),
    name: fc.string({ maxLength: 10 }),
  }),
  fc.record({
    line: fc.constantFrom(...KEYS.map((key) => `DELETE accounts(accountnumber='${key}')`)),
  }),
  fc.record({ line: fc.constant('POST contacts'), lastname: fc.constant('x'.repeat(300)) }),
)

test('a change set is done whole or leaves the store exactly as it was', async () => {
  const rig = createRig({ accounts: 4, contacts: 4 })
  const { control } = rig.organization
  const shown = () =>
    JSON.stringify(['account', 'contact', 'task'].map((table) => control.listRows(table, 1_000)))
  let failures = 0
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 8 }), async (operations) => {
      const before = shown()
      const set = changeSet(
        'batch_1',
        operations.map(({ line, ...body }) => [line, line.startsWith('DELETE') ? undefined : body]),
      )
      const { status } = await sendBatch(rig, [set])
      assert.ok(status < 500, String(status))
      if (status === 200) return
      failures += 1
      assert.equal(shown(), before)
    }),
    { numRuns: 120 },
  )
  assert.ok(failures > 10, `only ${failures} change sets failed`)
})

test('1,000 requests take less than half a second', async () => {
  const rig = createRig({ accounts: 2, contacts: 2 })
  const create = part('batch_1', 'POST accounts', {
    name: 'One of many',
    description: 'x'.repeat(60),
  })
  const parts = Array.from({ length: 1_000 }, () => create)
  await sendBatch(rig, parts.slice(0, 200))
  const before = process.cpuUsage()
  const reply = await sendBatch(rig, parts)
  const { user, system } = process.cpuUsage(before)
  assert.equal(reply.text.split('HTTP/1.1 204').length, 1_001)
  assert.ok(user + system < 500_000, `${(user + system) / 1000} ms`)
})

test('requests are answered in their order, whatever each of them is', async () => {
  const rig = createRig({ accounts: 2, contacts: 2 })
  const kinds = fc.array(fc.constantFrom('get', 'missing', 'set'), { minLength: 1, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(kinds, async (list) => {
      const parts = list.map((kind) => {
        if (kind === 'get') return part('batch_1', 'GET accounts?$select=name&$top=1')
        if (kind === 'missing') return part('batch_1', 'GET nothings')
        return changeSet('batch_1', [['POST tasks', { subject: 'x' }]])
      })
      const { text } = await sendBatch(rig, parts, { prefer: 'odata.continue-on-error' })
      const expected = { get: 200, missing: 404, set: 204 }
      const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status))
      assert.deepEqual(
        statuses,
        list.map((kind) => expected[kind as keyof typeof expected]),
      )
    }),
    { numRuns: 40 },
  )
})

test('text before the first delimiter and behind the last is passed over', async () => {
  const rig = createRig({ accounts: 2, contacts: 2 })
  const { status } = await rig.call('$batch', {
    method: 'POST',
    headers: { 'content-type': 'multipart/mixed; boundary=batch_1' },
    body: `${lines('preamble')}${part('batch_1', 'GET accounts?$top=1')}--batch_1--\r\nepilogue`,
  })
  assert.equal(status, 200)
})
