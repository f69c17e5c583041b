import { Agent, type IncomingMessage, request } from 'node:http'
import type { OpenContender, ReadTask } from './contender.ts'

/** The least that can be done: `node:http` with connections kept, and `JSON.parse`. */
export const open: OpenContender = async (origin, token) => {
  const agent = new Agent({ keepAlive: true })
  const root = `${origin}/api/data/v9.2/`
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    'odata-version': '4.0',
    'odata-maxversion': '4.0',
  }
  const call = (method: string, url: string, own: Record<string, string>, body?: string) =>
    new Promise<string>((resolve, reject) => {
      const options = { agent, method, headers: { ...headers, ...own } }
      const outgoing = request(url, options, (answer) => collect(answer).then(resolve, reject))
      outgoing.on('error', reject).end(body)
    })
  return {
    read: async ({ table, columns, pageSize, annotations }: ReadTask) => {
      const prefer = [
        `odata.maxpagesize=${pageSize}`,
        ...(annotations ? ['odata.include-annotations="*"'] : []),
      ].join(',')
      let rows = 0
      let next: string | undefined = `${root}${table}?$select=${columns.join(',')}`
      while (next !== undefined) {
        const page: Page = JSON.parse(await call('GET', next, { prefer }))
        rows += page.value.length
        next = page['@odata.nextLink']
      }
      return rows
    },
    upsert: async (id, row) => {
      const json = { 'content-type': 'application/json; charset=utf-8' }
      await call('PATCH', `${root}accounts(${id})`, json, JSON.stringify(row))
    },
    close: async () => agent.destroy(),
  }
}

interface Page {
  readonly value: readonly unknown[]
  readonly '@odata.nextLink'?: string
}

async function collect(answer: IncomingMessage): Promise<string> {
  const status = answer.statusCode ?? 0
  if (status >= 300) throw new Error(`The service answered ${status}.`)
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
