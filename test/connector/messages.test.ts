import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { findEntry, type Output } from '../../src/connector/index.ts'
import { createLogger, isObject, systemClock } from '../../src/kernel/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { memoryAttachments } from '../support/attachments.ts'
import { runContext } from '../support/run-context.ts'
import { waysThrough } from './ways.ts'

const { client } = await startSandboxClient({ after }, { rows: 3 })
const { store } = memoryAttachments()
const ways = waysThrough(client, store)

const log: string[] = []
const logger = createLogger({
  clock: systemClock,
  level: 'debug',
  write: (line) => void log.push(line),
})

async function outputsOf(name: string, config: object, input: unknown) {
  const context = { ...runContext(client, { ...config }, input), attachments: store, logger }
  const outputs: Output[] = []
  for await (const output of findEntry(name)?.run(context) ?? []) outputs.push(output)
  return outputs
}

const idsIn = (outputs: readonly Output[]) =>
  outputs.flatMap((output) => (output.kind === 'data' ? [output.id] : []))

test('the message of an action on one row has the id of the row', async () => {
  const names = [
    ...['associateObjects', 'deleteObjectById', 'disassociateObjects', 'downloadFile'],
    ...['lookupObject', 'setObjectState', 'uploadFile', 'upsertObject'],
  ]
  for (const name of names) {
    const [plain] = ways[name] ?? []
    assert.ok(plain)
    const input = Object(await plain.body?.(client))
    const ids = idsIn(await outputsOf(name, plain.configuration, input))
    assert.deepEqual(ids, [input.idValue ?? input.id ?? input.lookupCriteriaValue], name)
  }
})

test('every message of a row that was found has the id of the row', async () => {
  const fetchXml = '<fetch><entity name="account"><attribute name="accountid"/></entity></fetch>'
  const config = { objectType: 'account', emitBehavior: 'emitIndividually' }
  for (const name of ['fetchXmlQuery', 'lookupObjects', 'lookupObjectsDeprecated']) {
    const outputs = await outputsOf(name, config, name === 'fetchXmlQuery' ? { fetchXml } : {})
    assert.ok(outputs.length > 0, name)
    for (const output of outputs) {
      assert.ok(output.kind === 'data' && isObject(output.body))
      assert.equal(output.id, output.body['accountid'], name)
    }
  }
})

test('the log of a run holds nothing of its rows, its input or its place', async () => {
  for (const [name, runs] of Object.entries(ways)) {
    for (const { configuration, body } of runs)
      await outputsOf(name, configuration, await body?.(client)).catch(() => undefined)
  }
  const cursor = { v: 1, of: 'nothing', since: 'Fabrikam' }
  const context = { ...runContext(client, { objectType: 'account', emitBehavior: 'emitPage' }, {}) }
  for await (const _ of findEntry('getChanges')?.run({ ...context, cursor, logger }) ?? []);
  assert.match(log.join(), /snapshot of something else/)
  assert.doesNotMatch(
    log.join(),
    /Adatum|Fabrikam|Twin|One|Smith|SGVsbG8|token=|[0-9a-f]{8}-[0-9a-f]{4}-/,
  )
})
