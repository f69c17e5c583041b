import { text as textOf } from 'node:stream/consumers'
import {
  type AccessToken,
  DataverseClient,
  type MetadataCache,
  type TokenSource,
} from '../../src/dataverse/index.ts'
import { type Clock, Secret, silentLogger, systemClock } from '../../src/kernel/index.ts'
import { createEgress, createSender, type Send } from '../../src/transport/index.ts'
import { startServer } from './local-server.ts'

/** One request that the server has seen. */
export interface SeenRequest {
  readonly method: string
  /** Path and query, as they were sent. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** What the server answers; `body` is sent as JSON unless it is a text. */
export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Ends the connection in the middle of the body. */
  readonly cut?: boolean
}

/** Starts a server whose answers the test writes, and ends it with the test. */
export async function startDataverseServer(
  context: { after(end: () => Promise<void>): void },
  answer: (request: SeenRequest, origin: string) => Reply,
) {
  const requests: SeenRequest[] = []
  const server = await startServer(async (incoming, outgoing) => {
    const body = await textOf(incoming)
    const path = incoming.url ?? '/'
    const query = server.url(path).searchParams
    const seen = { method: incoming.method ?? '', path, query, headers: incoming.headers, body }
    requests.push(seen)
    const reply = answer(seen, server.origin)
    const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? '')
    const headers = { 'content-type': 'application/json', ...reply.headers }
    outgoing.writeHead(reply.status ?? 200, headers)
    if (reply.cut === true) outgoing.write(text.slice(0, -1), () => outgoing.destroy())
    else outgoing.end(reply.body === undefined ? '' : text)
  })
  const { origin } = server
  const sender = createSender({
    egress: createEgress({ allow: [origin] }),
    clock: systemClock,
    logger: silentLogger,
  })
  context.after(async () => {
    await sender.close()
    await server.close()
  })
  const client = (options: ClientOptions = {}) =>
    testClient(origin, { ...options, send: sender.send })
  return { origin, requests, client }
}

interface ClientOptions {
  readonly tokens?: TokenSource
  readonly clock?: Clock
  readonly metadataCache?: MetadataCache
}

function testClient(origin: string, options: ClientOptions & { readonly send: Send }) {
  return new DataverseClient({
    environmentUrl: origin,
    apiVersion: 'v9.2',
    tokens: options.tokens ?? countedTokens(),
    send: options.send,
    clock: options.clock ?? systemClock,
    logger: silentLogger,
    ...(options.metadataCache === undefined ? {} : { metadataCache: options.metadataCache }),
  })
}

/** A source of the tokens `token-1`, `token-2` …: the next one whenever the current one has failed. */
export function countedTokens(): TokenSource {
  let number = 1
  const current = (): AccessToken => ({
    value: new Secret(`token-${number}`),
    expiresAt: Number.MAX_SAFE_INTEGER,
  })
  return {
    token: async () => current(),
    replace: async (failed) => {
      if (failed.value.reveal() === `token-${number}`) number += 1
      return current()
    },
  }
}
