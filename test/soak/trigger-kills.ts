import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { insertTrigger, listOutputs, type Store } from '../../src/hub/store/index.ts'
import { isObject } from '../../src/kernel/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { testDatabase } from '../support/database.ts'
import { storeCredential } from '../support/stored-credential.ts'

interface Options {
  readonly rounds: number
  readonly seed: number
  readonly log: (line: string) => void
}

/** What was found of a trigger whose hubs were killed. */
export interface TriggerKills {
  readonly stored: number
  readonly kills: number
  /** Hubs that slept, and found another in their place. */
  readonly overtaken: number
}

const LEASE_MS = 500
const PAGE = 3

/**
 * Kills hubs in the middle of a trigger's run, or puts them to sleep until another has taken over, while the
 * table changes; then compares what was stored with the table.
 */
export async function run({ rounds, seed, log }: Options): Promise<TriggerKills> {
  const ends: (() => Promise<void>)[] = []
  try {
    const { client, sandbox } = await startSandboxClient(
      { after: (end) => void ends.unshift(end) },
      { rows: 40 },
    )
    const database = await testDatabase()
    ends.push(() => database.drop())
    const store = await database.open()
    ends.unshift(() => store.close())
    const key = await newTrigger(store)
    const random = seeded(seed)
    const hub = { databaseUrl: database.databaseUrl.reveal(), description: sandbox.description }
    const start = () => startHub(JSON.stringify({ ...hub, triggerId: key.id, leaseMs: LEASE_MS }))
    const change = async (round: number) => {
      for (let each = 0; each < 8; each += 1)
        await client.create('accounts', { name: `Round ${round} ${each}` })
    }
    let [kills, overtaken] = [0, 0]
    for (let round = 0; round < rounds; round += 1) {
      await change(round)
      const asleep = round % 3 === 2
      if (asleep) overtaken += Number(await sleepOnce(start, random))
      else kills += Number(await killOnce(start, random))
      log(`${asleep ? 'asleep' : 'killed'}: ${(await outputsOf(store, key)).length} stored`)
    }
    await finish(start)
    const outputs = await outputsOf(store, key)
    await compare(client, outputs)
    return { stored: outputs.length, kills, overtaken }
  } finally {
    for (const end of ends) await end()
  }
}

async function newTrigger(store: Store) {
  const { workspaceId, credentialId } = await storeCredential(store)
  const key = { workspaceId, id: crypto.randomUUID() }
  const config = { objectType: 'account', emitBehavior: 'emitIndividually', pageSize: PAGE }
  const entry = 'getNewAndUpdatedObjectsPolling'
  await insertTrigger(store.db, key, { name: 'T', credentialId, entry, config, createdAt: 0 })
  return key
}

type Start = () => ReturnType<typeof startHub>

// Answers whether it was killed before its end.
async function killOnce(start: Start, random: () => number): Promise<boolean> {
  const hub = start()
  await hub.says('ready')
  await setTimeout(random() * 250)
  hub.child.kill('SIGKILL')
  return (await hub.ended()) !== 'done'
}

// Answers whether the sleeper found itself overtaken.
async function sleepOnce(start: Start, random: () => number): Promise<boolean> {
  const sleeper = start()
  await sleeper.says('ready')
  await Promise.race([sleeper.says('page'), sleeper.ended()])
  await setTimeout(random() * 50)
  sleeper.child.kill('SIGSTOP')
  await finish(start)
  sleeper.child.kill('SIGCONT')
  return /overtaken|cut off/.test((await sleeper.ended()) ?? '')
}

// A machine that is very busy can make a hub seem asleep.
async function finish(start: Start): Promise<void> {
  for (let tries = 0; tries < 10; tries += 1) {
    if ((await start().ended()) === 'done') return
  }
  assert.fail('The trigger does not come to its end.')
}

function startHub(wish: string) {
  const program = join(import.meta.dirname, 'trigger-worker.ts')
  const args = ['--disable-warning=ExperimentalWarning', program, wish]
  const child: ChildProcess = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  const lines: string[] = []
  const waiting = new Map<string, () => void>()
  if (child.stdout)
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line)
      waiting.get(line)?.()
    })
  return {
    child,
    says: (line: string) =>
      new Promise<void>((resolve) => {
        if (lines.includes(line)) resolve()
        else waiting.set(line, resolve)
      }),
    ended: async () => {
      await closed
      return lines.at(-1)
    },
  }
}

async function outputsOf(store: Store, key: { workspaceId: string; id: string }) {
  return await listOutputs(store.db, key, { after: 0, limit: 1_000_000 })
}

// Every row as it is now is there, and nothing of it twice.
async function compare(
  client: Awaited<ReturnType<typeof startSandboxClient>>['client'],
  outputs: Awaited<ReturnType<typeof outputsOf>>,
): Promise<void> {
  const versions = outputs.map(({ body }) => (isObject(body) ? versionOf(body) : ''))
  assert.equal(new Set(versions).size, versions.length, 'an output was stored twice')
  const stored = new Set(versions)
  let count = 0
  for await (const row of client.rows('accounts', {})) {
    count += 1
    assert.ok(stored.has(versionOf(row)), `${row['accountid']} was lost`)
  }
  assert.ok(count > 0)
}

function versionOf(row: { readonly [key: string]: unknown }): string {
  return `${row['accountid']} ${row['@odata.etag']}`
}

function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
