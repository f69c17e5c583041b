import type { Contender, OpenContender, ReadTask } from './contenders/contender.ts'

// Runs one contender through one task in a process of its own, and prints what it took. The first
// twentieth of the work is not counted: every client's code is compiled by then.

/** What is to be done. */
export type Task =
  | ({ readonly kind: 'read'; readonly warmUp: string } & ReadTask)
  | { readonly kind: 'upsert'; readonly calls: number; readonly atOnce: number }

/** What it took. */
export interface Taken {
  /** Rows or calls. */
  readonly units: number
  readonly seconds: number
  /** User and system time of this process. */
  readonly cpuSeconds: number
  /** The most memory that was resident at any time. */
  readonly peakMb: number
}

const [name = '', origin = '', json = ''] = process.argv.slice(2)
const task: Task = JSON.parse(json)
const { open }: { readonly open: OpenContender } = await import(`./contenders/${name}.ts`)
// As long as a token of Entra ID.
const contender = await open(origin, 'x'.repeat(1_600))
const { warmUp, work } = workOf(contender, task)
await warmUp()
const begun = performance.now()
const before = process.cpuUsage()
const units = await work()
const { user, system } = process.cpuUsage(before)
const taken: Taken = {
  units,
  seconds: (performance.now() - begun) / 1_000,
  cpuSeconds: (user + system) / 1_000_000,
  peakMb: process.resourceUsage().maxRSS / 1_024,
}
await contender.close()
process.stdout.write(`${JSON.stringify(taken)}\n`)
process.exit()

function workOf(client: Contender, todo: Task) {
  if (todo.kind === 'read') {
    const warmUp = () => client.read({ ...todo, table: todo.warmUp })
    return { warmUp, work: () => client.read(todo) }
  }
  const warmUp = () => upsertAll(client, todo.calls / 20, todo.atOnce)
  return { warmUp, work: () => upsertAll(client, todo.calls, todo.atOnce) }
}

async function upsertAll(client: Contender, calls: number, atOnce: number): Promise<number> {
  let begunCalls = 0
  const worker = async () => {
    while (begunCalls < calls) {
      begunCalls += 1
      const number = String(begunCalls).padStart(12, '0')
      await client.upsert(`00000000-0000-4000-8000-${number}`, {
        name: `Bakery ${number} of the Northern Harbour`,
        accountnumber: `A-${number}`,
        revenue: 1_000.5,
        numberofemployees: 17,
        telephone1: '+49 30 1234567',
        emailaddress1: `office${number}@example.com`,
        address1_city: 'Flensburg',
        address1_line1: `Quay Street ${number}`,
        description: 'Delivers to the harbour before sunrise, for boats and crews alike.',
        donotemail: false,
      })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return calls
}
