import type { Part } from '../part.ts'
import { withBeside } from '../program.ts'
import { printBars } from '../table.ts'
import { buildAll, openBuilt } from './built.ts'

const CLIENTS = 500
const AT_ONCE = 50

/** 500 clients, each opened, used once and closed: what stays open afterwards, on both sides. */
export const sockets: Part = {
  name: 'sockets',
  run: async () => {
    await buildAll()
    await withBeside('client/service.ts', {}, async (origin) => {
      const before = openHandles()
      await Promise.all(Array.from({ length: AT_ONCE }, () => useClients(origin)))
      const left = openHandles() - before
      const connections = await fetch(`${origin}/connections`, { headers: { connection: 'close' } })
      console.log(`${CLIENTS} clients opened, used and closed`)
      printBars([
        { what: 'sockets and timers left in the client', value: left, atMost: 0 },
        {
          what: 'connections left at the service',
          value: Number(await connections.text()),
          atMost: 0,
        },
      ])
    })
  },
}

async function useClients(origin: string): Promise<void> {
  for (let used = 0; used < CLIENTS / AT_ONCE; used += 1) {
    const { client, close } = await openBuilt(origin, 'x'.repeat(1_600))
    await client.whoAmI()
    await close()
  }
}

function openHandles(): number {
  const kinds = new Set([
    'TCPSocketWrap',
    'TLSWrap',
    'Timeout',
    'TCPConnectWrap',
    'GetAddrInfoReqWrap',
  ])
  return process.getActiveResourcesInfo().filter((kind) => kinds.has(kind)).length
}
