import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Store } from '../../src/hub/store/index.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { GrantServer } from '../support/grant-server.ts'
import { ada, clientInput, connect, type TestVault, vaultOver } from '../support/vault.ts'
import { Hub, type Reply } from './lease-fleet.ts'

export interface SoakOptions {
  readonly rounds: number
  readonly seed: number
  readonly log: (line: string) => void
}

/** What a soak of killed and stopped lease holders found; every round that went wrong throws. */
export interface SoakResult {
  readonly rounds: number
  readonly alive: number
  /** Sign-ins that a strict server ended, each explained. */
  readonly lost: number
  readonly lateSavesRefused: number
}

const HUBS = 4
const TIMES = [2_500, 2_000]
const MOMENTS = ['issued', 'sent', 'asked', 'answered'] as const
const ACTS = ['kill', 'stop'] as const

interface Round {
  readonly moment: (typeof MOMENTS)[number]
  readonly act: (typeof ACTS)[number]
  readonly strict: boolean
  readonly random: () => number
}

/**
 * Has four hub processes want the token of one Credential, kills or stops the one that renews it, and
 * checks what the others and the database are left with.
 */
export async function run(options: SoakOptions): Promise<SoakResult> {
  const server = await GrantServer.start()
  const database = await testDatabase()
  const store = await database.open()
  try {
    return await playAll(options, { server, database, store })
  } finally {
    await store.close()
    await database.drop()
    await server.close()
  }
}

async function playAll(
  { rounds, seed, log }: SoakOptions,
  { server, database, store }: { server: GrantServer; database: TestDatabase; store: Store },
): Promise<SoakResult> {
  const made = await vaultOver(store, { allow: [server.origin] })
  const { authClient } = await made.vault.authClients.create(ada, clientInput(server))
  const args = {
    ...{ databaseUrl: database.databaseUrl.reveal(), origin: server.origin },
    times: TIMES,
  }
  const start = (index: number) => Hub.start(`hub-${index}-${Date.now()}`, args)
  const hubs = await Promise.all(Array.from({ length: HUBS }, (_, index) => start(index)))
  const random = seeded(seed)
  const counts = { alive: 0, lost: 0, lateSavesRefused: 0 }
  try {
    for (let index = 0; index < rounds; index += 1) {
      const round = { ...planned(index), random }
      const outcome = await play(round, { made, server, hubs, authClientId: authClient.id })
      counts[outcome.survived ? 'alive' : 'lost'] += 1
      if (outcome.lateSaveRefused) counts.lateSavesRefused += 1
      log(`${describe(round)}: ${outcome.survived ? 'alive' : 'needs reconnect, explained'}`)
      if (round.act === 'kill') hubs[0] = await start(index)
      hubs.push(...hubs.splice(0, 1))
    }
    return { rounds, ...counts }
  } finally {
    for (const hub of hubs) hub.go()
    await Promise.all(hubs.map((hub) => hub.kill()))
    await made.close()
  }
}

// The first eight rounds have every moment with either rule, and either act.
function planned(index: number): Omit<Round, 'random'> {
  return {
    strict: index % 2 === 0,
    moment: MOMENTS[Math.floor(index / 2) % MOMENTS.length] ?? 'asked',
    act: ACTS[Math.floor(index / 8 + index / 2) % ACTS.length] ?? 'kill',
  }
}

function describe({ act, moment, strict }: Round): string {
  return `${act} when ${moment}, ${strict ? 'strict server' : "Entra's rule"}`
}

interface Stage {
  readonly made: TestVault
  readonly server: GrantServer
  readonly hubs: readonly Hub[]
  readonly authClientId: string
}

async function play(round: Round, stage: Stage) {
  const { server, made, hubs } = stage
  const [holder, ...others] = hubs
  assert.ok(holder)
  server.reset({ strict: round.strict })
  server.delayMs = Math.round(20 + round.random() * 100)
  const { id } = await connect(made, server, stage)
  const held = strike(round, holder, server, id)
  await leased(made.store, id)
  const replies = await Promise.all(others.map((hub) => hub.ask(id)))
  await held.struck
  const survived = judgeReplies(round, replies, server, holder)
  await judgeSettled(round, stage, others, id, survived)
  if (round.act === 'kill') return { survived, lateSaveRefused: false }
  const before = await tokensOf(made.store, id)
  holder.go()
  await held.reply
  assert.deepEqual(await tokensOf(made.store, id), before, 'a late save was stored')
  const [first, second] = server.served
  const lateSaveRefused = first?.worker === holder.name && first.issued && (second?.issued ?? false)
  return { survived, lateSaveRefused }
}

// Asks the holder for the token and strikes it at the moment of the round.
function strike({ moment, act, random }: Round, holder: Hub, server: GrantServer, id: string) {
  const strikeNow = () => (act === 'kill' ? holder.kill() : holder.stop())
  const reply = holder.ask(id)
  const struck = new Promise<void>((resolve, reject) => {
    const after = async (ms: number) => {
      if (ms > 0) await setTimeout(ms)
      await strikeNow()
    }
    if (moment === 'asked') return void after(random() * 30).then(resolve, reject)
    if (moment === 'answered') void reply.then(() => after(0)).then(resolve, reject)
    server.onMoment = (now, worker) => {
      if (now !== moment || worker !== holder.name) return
      // Struck in the same turn: the answer is made, and not a byte of it sent.
      void after(moment === 'issued' ? 0 : random() * server.delayMs).then(resolve, reject)
    }
  })
  return { reply, struck }
}

// The others come while the holder is at work, or when it is gone already.
async function leased(store: Store, id: string): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    const { rows } = await sql`select from credential_tokens
      where credential_id = ${id} and lease_fence > 1`.execute(store.db)
    if (rows.length > 0) return
    await setTimeout(5)
  }
}

function judgeReplies(
  { strict, act, moment }: Round,
  replies: readonly Reply[],
  server: GrantServer,
  holder: Hub,
): boolean {
  const issued = server.served.filter((each) => each.issued)
  const usedUp = issued.some(({ worker }) => worker === holder.name)
  const refused = server.served.length - issued.length
  const tokens = new Set(replies.map(({ token }) => token))
  const survived = !tokens.has(undefined)
  const seen = JSON.stringify({ replies, served: server.served })
  assert.ok(survived || strict, `lost under Entra's rule: ${seen}`)
  assert.ok(issued.length <= (strict ? 1 : 2), `more than one more refresh: ${seen}`)
  if (survived) {
    assert.equal(tokens.size, 1, `different tokens: ${seen}`)
    assert.equal(refused, 0, `refused on the way: ${seen}`)
    const unsaved = strict && moment === 'issued'
    assert.ok(!unsaved, `an answer that was never received is stored: ${seen}`)
    return true
  }
  assert.ok(usedUp, `lost though the answer was not made: ${seen}`)
  assert.equal(refused, 1, `not exactly one refused try: ${seen}`)
  for (const { code, problem } of replies)
    assert.deepEqual([code, problem], ['needs_reconnect', 'refresh_interrupted'], `${act} ${seen}`)
  return false
}

async function judgeSettled(
  { strict }: Round,
  { made, server }: Stage,
  others: readonly Hub[],
  id: string,
  survived: boolean,
): Promise<void> {
  const sent = server.requests.length
  await Promise.all(others.map((hub) => hub.ask(id)))
  assert.equal(server.requests.length, sent, 'asked again, something was sent again')
  const { state, problem } = await made.vault.credentials.get('default', id)
  assert.equal(state, survived ? 'connected' : 'needs_reconnect')
  assert.equal(problem?.code, survived ? undefined : 'refresh_interrupted')
  const alerts = await made.alerts.list('default')
  const own = alerts.filter(({ subject }) => subject === `credential/${id}/reconnect`)
  assert.equal(own.length, survived ? 0 : 1, `alerts, strict: ${strict}`)
}

async function tokensOf(store: Store, id: string): Promise<unknown> {
  const { rows } = await sql`select access_token, refresh_token, credential_tokens.version, state
    from credential_tokens join credentials on id = credential_id
    where credential_id = ${id}`.execute(store.db)
  return rows
}

// Mulberry32: small, and the same on every machine.
function seeded(seed: number): () => number {
  const state = { value: seed >>> 0 }
  return () => {
    state.value = (state.value + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state.value ^ (state.value >>> 15), state.value | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
