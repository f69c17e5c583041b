import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { FileLock } from '../../src/hub/store/embedded/file-lock.ts'
import { type Layout, layoutOf } from '../../src/hub/store/embedded/layout.ts'
import { findServer } from '../../src/hub/store/embedded/server.ts'
import { openStore } from '../../src/hub/store/index.ts'
import { silentLogger, systemClock } from '../../src/kernel/index.ts'

export interface SoakOptions {
  readonly rounds: number
  readonly seed: number
  readonly log: (line: string) => void
}

/** What a soak of kills found. */
export interface SoakResult {
  readonly rounds: number
  readonly confirmed: number
  readonly lost: number
  /** ms from the kill until the store answered again. */
  readonly slowestReopenMs: number
}

const VICTIMS = [
  'hub while starting',
  'hub and server',
  'server',
  'hub',
  'server, then hub',
] as const
const PATIENCE_MS = 60_000

/** Kills the processes of an embedded store at random moments and counts what was confirmed and lost. */
export async function run({ rounds, seed, log }: SoakOptions): Promise<SoakResult> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'fairlead-kills-')))
  const layout = layoutOf(folder)
  const random = seeded(seed)
  const confirmed = new Set<number>()
  let lost = 0
  let slowestReopenMs = 0
  try {
    for (let round = 0; round < rounds; round += 1) {
      const victim = VICTIMS[round % VICTIMS.length] ?? 'hub'
      const before = confirmed.size
      await killOnce({ folder, layout, victim, random, confirmed })
      const begun = performance.now()
      const missing = await countMissing(folder, confirmed)
      const ms = Math.round(performance.now() - begun)
      slowestReopenMs = Math.max(slowestReopenMs, ms)
      lost += missing
      log(`${victim}: ${confirmed.size - before} confirmed, ${missing} lost, read in ${ms} ms`)
    }
    await settle(layout)
    return { rounds, confirmed: confirmed.size, lost, slowestReopenMs }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

interface Round {
  readonly folder: string
  readonly layout: Layout
  readonly victim: (typeof VICTIMS)[number]
  readonly random: () => number
  readonly confirmed: Set<number>
}

async function killOnce({ folder, layout, victim, random, confirmed }: Round): Promise<void> {
  const writer = startWriter(folder, confirmed)
  try {
    if (victim === 'hub while starting') return void (await setTimeout(100 + random() * 900))
    await writer.reaches(confirmed.size + 20)
    await setTimeout(random() * 400)
    if (victim !== 'hub') kill(findServer(layout)?.pid)
    if (victim === 'server') await writer.reaches(confirmed.size + 20)
    if (victim === 'server, then hub') await setTimeout(random() * 800)
  } finally {
    await writer.kill()
  }
}

function startWriter(folder: string, confirmed: Set<number>) {
  const program = join(import.meta.dirname, 'store-writer.ts')
  const first = Math.max(-1, ...confirmed) + 1_000
  const args = ['--disable-warning=ExperimentalWarning', program, folder, String(first)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const waiting: { count: number; done: () => void }[] = []
  createInterface(child.stdout).on('line', (line) => {
    if (!/^\d+$/.test(line)) return
    confirmed.add(Number(line))
    for (const it of waiting) if (confirmed.size >= it.count) it.done()
  })
  return {
    reaches: (count: number) => within(child, count, waiting),
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function within(
  child: ChildProcess,
  count: number,
  waiting: { count: number; done: () => void }[],
): Promise<void> {
  const reached = new Promise<void>((resolve, reject) => {
    waiting.push({ count, done: resolve })
    child.once('exit', (code) => reject(new Error(`The writer ended by itself (${code}).`)))
  })
  const late = new AbortController()
  const tooLate = async () => {
    await setTimeout(PATIENCE_MS, undefined, { signal: late.signal })
    throw new Error('The writer makes no progress.')
  }
  await Promise.race([reached, tooLate()]).finally(() => late.abort())
}

async function countMissing(folder: string, confirmed: Set<number>): Promise<number> {
  const store = await openStore({
    dataFolder: folder,
    logger: silentLogger,
    clock: systemClock,
  })
  try {
    await sql`create table if not exists soak (number bigint primary key)`.execute(store.db)
    const { rows } = await sql<{ number: number }>`select number from soak`.execute(store.db)
    const found = new Set(rows.map((row) => row.number))
    return [...confirmed].filter((number) => !found.has(number)).length
  } finally {
    await store.close()
  }
}

// Nothing may stay behind, neither server nor keeper.
async function settle(layout: Layout): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (!findServer(layout) && !FileLock.isHeld(layout.keeperLock)) return
    await setTimeout(100)
  }
  assert.fail('A server or its keeper is still running.')
}

function kill(pid: number | undefined): void {
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
}

function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
