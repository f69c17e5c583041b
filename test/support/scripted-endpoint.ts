import type { ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { silentLogger, systemClock } from '../../src/kernel/index.ts'
import { createEgress, createSender, type Send } from '../../src/transport/index.ts'
import { startServer } from './local-server.ts'

/** What a token endpoint was asked. */
export interface EndpointCall {
  readonly path: string
  readonly form: URLSearchParams
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export type EndpointAnswer = unknown | ((response: ServerResponse) => void)

/** An authorization server that answers as the test tells it, one answer after the other. */
export interface ScriptedEndpoint {
  readonly origin: string
  readonly send: Send
  readonly calls: readonly EndpointCall[]
  /** Sets the answers to come: JSON with status 200, or a function that answers itself. */
  answer(...answers: readonly EndpointAnswer[]): void
  close(): Promise<void>
}

export async function startScriptedEndpoint(timeoutMs = 2_000): Promise<ScriptedEndpoint> {
  const calls: EndpointCall[] = []
  const queue: EndpointAnswer[] = []
  const server = await startServer(async (request, response) => {
    const form = new URLSearchParams(await text(request))
    calls.push({ path: request.url ?? '', form, headers: request.headers })
    const answer = queue.shift()
    if (typeof answer === 'function') answer(response)
    else json(response, 200, answer ?? {})
  })
  const egress = createEgress({ allow: [server.origin] })
  const sender = createSender({ egress, clock: systemClock, logger: silentLogger, timeoutMs })
  return {
    origin: server.origin,
    send: sender.send,
    calls,
    answer: (...answers) => {
      queue.splice(0, queue.length, ...answers)
      calls.length = 0
    },
    close: async () => {
      await sender.close()
      await server.close()
    },
  }
}

/** Answers with JSON. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}
