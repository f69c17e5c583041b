import { readFile } from 'node:fs/promises'
import type { Flow } from '../../test/services/broker/flow.ts'

/** Who walks the table. */
export type Contender = 'bare' | 'lookup' | 'poll'

/** What a walk of the whole table took. */
export interface Walk {
  readonly emits: number
  /** From taking the message to the end of its work. */
  readonly ms: number
  /** What the process used of the processors for an emit, in ms: what a busy machine blurs least. */
  readonly cpuMs: number
  /** What the process held, every tenth of a second. */
  readonly megabytes: readonly number[]
}

const TOKEN = 'a-token-of-the-bench'
const LOOK_MS = 100
const PATIENCE_MS = 900_000

/** Has one contender walk the table on the runtime, every page a message. */
export async function walkTable(
  flow: Flow,
  turn: {
    readonly contender: Contender
    readonly pageSize: number
    readonly origin: string
    readonly folder: string
  },
): Promise<Walk> {
  const { contender, pageSize, origin, folder } = turn
  const own = { baseUrl: origin, oauth: { access_token: TOKEN }, objectType: 'account' }
  const configuration = {
    bare: { url: `${origin}/api/data/v9.2/accounts`, token: TOKEN, pageSize },
    lookup: { ...own, emitBehavior: 'emitPage', pageSize },
    poll: { ...own, emitBehavior: 'emitPage', pollConfig: 'created', pageSize },
  }[contender]
  const entry = { bare: 'bare', lookup: 'lookupObjects', poll: 'getNewAndUpdatedObjectsPolling' }
  const step = await flow.start({
    ...{ entry: entry[contender], configuration, folder, discard: true },
    variables: { FAIRLEAD_ALLOWED_ORIGINS: origin },
  })
  const megabytes: number[] = []
  const looking = setInterval(async () => {
    const held = await heldBy(step.pid)
    if (held !== undefined) megabytes.push(held)
  }, LOOK_MS)
  try {
    step.send({})
    const before = await usedBy(step.pid)
    const failed = (await step.untilDone(PATIENCE_MS)).find(({ kind }) => kind === 'error')
    if (failed !== undefined) throw new Error(JSON.stringify(failed))
    const used = (await usedBy(step.pid)) - before
    const { emits, ms } = readLog(step.log())
    return { emits, ms, cpuMs: used / emits, megabytes }
  } finally {
    clearInterval(looking)
    await step.terminate()
  }
}

async function heldBy(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kilobytes = /VmRSS:\s+(\d+)/.exec(text)?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024
}

// In hundredths of a second, as Linux counts them everywhere (proc_pid_stat(5)): utime and stime.
async function usedBy(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function readLog(log: string): Pick<Walk, 'emits' | 'ms'> {
  const timesOf = (message: string) =>
    [...log.matchAll(new RegExp(`"msg":"${message}","time":"([^"]+)"`, 'g'))].map(([, time = '']) =>
      Date.parse(time),
    )
  const [begun] = timesOf('processMessage received')
  const ended = timesOf('processMessage emit end').at(-1)
  if (begun === undefined || ended === undefined) throw new Error('The runtime told no times.')
  return { emits: timesOf('processMessage emit data').length, ms: ended - begun }
}
