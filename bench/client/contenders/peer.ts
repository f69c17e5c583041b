import { DynamicsWebApi } from 'dynamics-web-api'
import type { OpenContender, ReadTask } from './contender.ts'

/** The npm package `dynamics-web-api`, used as its documents show it. */
export const open: OpenContender = async (origin, token) => {
  const api = new DynamicsWebApi({
    serverUrl: `${origin}/`,
    dataApi: { version: '9.2' },
    onTokenRefresh: async () => token,
  })
  return {
    read: async ({ table, columns, pageSize, annotations }: ReadTask) => {
      const request = {
        collection: table,
        select: [...columns],
        maxPageSize: pageSize,
        ...(annotations ? { includeAnnotations: '*' } : {}),
      }
      let rows = 0
      let page = await api.retrieveMultiple(request)
      while (true) {
        rows += page.value.length
        if (page.oDataNextLink === undefined) return rows
        page = await api.retrieveMultiple(request, page.oDataNextLink)
      }
    },
    upsert: async (id, row) => {
      await api.upsert({ collection: 'accounts', key: id, data: { ...row } })
    },
    close: async () => undefined,
  }
}
