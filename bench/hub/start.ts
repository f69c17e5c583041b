import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { median } from '../measure.ts'
import type { Part } from '../part.ts'

/** From the key press to a verified Credential. */
export const start: Part = {
  name: 'start',
  run: async ({ rounds }) => {
    const { cold, warm } = await measureStart(Math.min(rounds, 3))
    console.log('npm start, until verified')
    console.log(`  the very first time  ${cold.toFixed(1)} s  (at most 12 s)`)
    console.log(`  started again        ${warm.toFixed(1)} s  (at most 5 s)`)
  },
}

/** How long `npm start` takes from the key press until it has verified, in seconds. */
interface StartTimes {
  readonly cold: number
  readonly warm: number
}

const root = resolve(import.meta.dirname, '../..')

/** Starts the demo the very first time, and once more on what that left, as often as wanted. */
async function measureStart(rounds: number): Promise<StartTimes> {
  const cold: number[] = []
  const warm: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const folder = await temporaryFolder()
    try {
      cold.push(await startOnce(folder.path))
      warm.push(await startOnce(folder.path))
    } finally {
      await folder[Symbol.asyncDispose]()
    }
  }
  return { cold: median(cold), warm: median(warm) }
}

async function startOnce(folder: string): Promise<number> {
  const begun = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: root,
    env: {
      ...process.env,
      FAIRLEAD_DATA_FOLDER: join(folder, 'data'),
      // Compiled sources are kept with the checkout otherwise, and would be there at the first start.
      NODE_COMPILE_CACHE: join(folder, 'compiled'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const ended = once(child, 'exit')
  let verified: number | undefined
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    if (/verified in/.test(line)) verified = performance.now() - begun
    // Ctrl-C reaches the whole group.
    if (/Ctrl-C stops/.test(line) && child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
  })
  await ended
  if (verified === undefined) throw new Error('npm start ended before it had verified.')
  return verified / 1_000
}
