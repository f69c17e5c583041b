import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { TestContext } from 'node:test'

/** One webhook as it arrived. */
export interface Received {
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects and fails where it is not there
  readonly body: any
}

/** What the receiver does with a webhook: a status, or no answer at all. */
export type Reaction = number | 'silence'

/** A local receiver of webhooks that answers by its list, then with 200. */
export async function startReceiver(t: TestContext, reactions: Reaction[] = []) {
  const received: Received[] = []
  let wake = (): void => undefined
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const text = Buffer.concat(chunks).toString()
    received.push({
      url: request.url ?? '',
      headers: request.headers,
      text,
      body: JSON.parse(text),
    })
    const reaction = reactions.shift() ?? 200
    if (reaction !== 'silence') response.writeHead(reaction).end('ignored')
    wake()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    /** Waits until so many have come. */
    async count(wanted: number): Promise<readonly Received[]> {
      while (received.length < wanted) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return received
    },
  }
}
