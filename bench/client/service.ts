import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createTablePages } from './table-pages.ts'

// An environment in a process of its own, so that what is measured is the client: pages lie ready, a
// write is answered after 20 ms. `GZIP=1` lets it compress for who asks. It prints its origin and ends
// with its standard input.
const pages = createTablePages()
const compresses = process.env['GZIP'] === '1'
const WRITE_MS = 20
// What is measured is the client's speed, not how it keeps to limits.
const NO_LIMITS = {
  'x-ms-ratelimit-burst-remaining-xrm-requests': '1000000',
  'x-ms-ratelimit-time-remaining-xrm-requests': '1,000,000.00',
}

const server = createServer((request, response) => {
  if (request.method === 'PATCH') answerWrite(request, response)
  else answerRead(request, response)
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  process.stdout.write(`http://127.0.0.1:${address.port}\n`)
})
process.stdin.on('end', () => process.exit()).resume()

function answerWrite(request: IncomingMessage, response: ServerResponse): void {
  request.resume().on('end', () => {
    setTimeout(() => {
      const id = `http://${request.headers.host}${request.url}`
      response.writeHead(204, { ...NO_LIMITS, 'odata-version': '4.0', 'odata-entityid': id }).end()
    }, WRITE_MS)
  })
}

function answerRead(request: IncomingMessage, response: ServerResponse): void {
  if (request.url?.endsWith('/connections')) answerConnections(response)
  else if (request.url?.endsWith('/WhoAmI')) answerWhoAmI(response)
  else answerPage(request, response)
}

function answerPage({ headers, url }: IncomingMessage, response: ServerResponse): void {
  const gzip = compresses && /\bgzip\b/.test(String(headers['accept-encoding']))
  const prefer = String(headers['prefer'])
  const parts = pages.page(new URL(url ?? '/', `http://${headers.host}`), {
    annotated: prefer.includes('include-annotations="*"'),
    gzip,
  })
  response.writeHead(200, {
    'content-type': 'application/json; odata.metadata=minimal',
    'content-length': parts.reduce((sum, part) => sum + part.byteLength, 0),
    'odata-version': '4.0',
    ...NO_LIMITS,
    'preference-applied': prefer,
    ...(gzip ? { 'content-encoding': 'gzip' } : {}),
  })
  for (const part of parts) response.write(part)
  response.end()
}

function answerConnections(response: ServerResponse): void {
  // The connection that asks is one of them.
  server.getConnections((_, count) => response.end(String(count - 1)))
}

function answerWhoAmI(response: ServerResponse): void {
  const id = '00000000-0000-4000-8000-000000000001'
  response.writeHead(200, { ...NO_LIMITS, 'content-type': 'application/json' })
  response.end(JSON.stringify({ BusinessUnitId: id, UserId: id, OrganizationId: id }))
}
