import { openBuilt } from '../built.ts'
import type { OpenContender, ReadTask } from './contender.ts'

/** Our own client, as it is published. */
export const open: OpenContender = async (origin, token) => {
  const { client, close } = await openBuilt(origin, token)
  return {
    read: async ({ table, columns, pageSize, annotations }: ReadTask) => {
      const options = { pageSize, ...(annotations ? { annotations: '*' as const } : {}) }
      let rows = 0
      for await (const page of client.pages(table, { select: columns }, options))
        rows += page.rows.length
      return rows
    },
    upsert: async (id, row) => {
      await client.perform({
        method: 'PATCH',
        path: `accounts(${id})`,
        body: row,
        idempotent: true,
        read: () => undefined,
      })
    },
    close,
  }
}
