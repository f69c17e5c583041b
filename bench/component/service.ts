import { createServer } from 'node:http'
import { answerDefinitions } from '../../test/support/account-definitions.ts'
import { type PageTemplate, pageTemplate } from './page-template.ts'

// A table of accounts in pages as large as they are asked for, in a process of its own. It prints its
// origin and ends with its standard input.
const total = Number(process.env['ROWS'])
const templates = new Map<number, PageTemplate>()

function templateOf(size: number): PageTemplate {
  const made = templates.get(size) ?? pageTemplate(size)
  templates.set(size, made)
  return made
}

function pageOf(url: URL, prefer: string): Buffer {
  const size = Number(/odata\.maxpagesize=(\d+)/.exec(prefer)?.[1] ?? 5_000)
  const number = Number(url.searchParams.get('$skiptoken') ?? 0)
  const next = new URL(url)
  next.searchParams.set('$skiptoken', String(number + 1))
  const last = (number + 1) * size >= total
  const end = last ? '}' : `,"@odata.nextLink":${JSON.stringify(next.href)}}`
  const rows = templateOf(size).page(number)
  return Buffer.concat([Buffer.from('{"value":['), rows, Buffer.from(`]${end}`)])
}

const server = createServer((request, response) => {
  request.resume()
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
  const answer = /\/accounts$/.test(url.pathname)
    ? pageOf(url, String(request.headers['prefer'] ?? ''))
    : Buffer.from(definitionsAt(url))
  response.writeHead(answer.length === 0 ? 404 : 200, {
    'content-type': 'application/json; odata.metadata=minimal',
    // What is measured is the component's speed, not how it keeps to limits.
    'x-ms-ratelimit-burst-remaining-xrm-requests': '1000000',
    'x-ms-ratelimit-time-remaining-xrm-requests': '1,000,000.00',
    'content-length': answer.length,
    'odata-version': '4.0',
  })
  response.end(answer)
})

function definitionsAt({ pathname, searchParams }: URL): string {
  const seen = { method: 'GET', path: pathname, query: searchParams, headers: {}, body: '' }
  const found = answerDefinitions(seen)
  return found === undefined ? '' : JSON.stringify(found.body)
}

server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  process.stdout.write(`http://127.0.0.1:${address.port}\n`)
})
process.stdin.on('end', () => process.exit()).resume()
