import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type AttachmentStore, actions, triggers } from '../../src/connector/index.ts'
import type { Send } from '../../src/transport/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import type { Run } from '../services/broker/runs.ts'
import { memoryAttachments } from '../support/attachments.ts'
import { runEntry } from './run-entry.ts'
import { waysThrough } from './ways.ts'

const { client, clientOf, sandbox, send } = await startSandboxClient({ after }, { rows: 3 })
const { store } = memoryAttachments()

const ways = waysThrough(client, store)
// What hangs is told by the end of its test.
const timeout = 30_000

/** Runs an entry and calls it off at one of the things it waits for, which never comes unless it is told. */
async function calledOffAt(turn: number, name: string, { configuration, body }: Run) {
  const input = (await body?.(client)) ?? {}
  const caller = new AbortController()
  let turns = 0
  const waiting = <Result>(signal: AbortSignal | undefined, work: () => Promise<Result>) => {
    turns += 1
    if (turns !== turn) return work()
    caller.abort()
    return new Promise<Result>((_, reject) => {
      if (signal?.aborted === true) reject(signal.reason)
    })
  }
  const attachments: AttachmentStore = {
    put: (document, options) => waiting(options.signal, () => store.put(document, options)),
    get: (url, options) => waiting(options.signal, () => store.get(url, options)),
  }
  const held: Send = (request) => waiting(request.signal, () => send(request))
  const dataverse = clientOf(sandbox.description.orgUrl, { send: held })
  const more = { attachments, signal: caller.signal }
  const running = runEntry(dataverse, name, { ...configuration }, input, more)
  return { running, turns: () => turns }
}

for (const { name } of [...triggers, ...actions]) {
  test(`${name} ends at once when it is called off, whatever it waits for`, {
    timeout,
  }, async () => {
    const runs = ways[name]
    assert.ok(runs, `tell in runs.ts how ${name} is run`)
    for (const run of runs) {
      const whole = await calledOffAt(0, name, run)
      await whole.running.catch(({ code }) => assert.equal(code, 'several_objects_found'))
      for (let turn = 1; turn <= whole.turns(); turn += 1) {
        const { running } = await calledOffAt(turn, name, run)
        await running.catch(() => undefined)
      }
    }
  })
}
