import { json } from './answers.ts'
import type { Handler } from './exchange.ts'
import { isLoopback } from './listen/hosts.ts'

/** Answers only under the names of this origin: a request for another host went astray. */
export function onlyFor(aliases: readonly string[], handler: Handler): Handler {
  return async (exchange) => {
    const { hostname } = exchange.url
    if (isLoopback(hostname) || aliases.includes(hostname)) return handler(exchange)
    return json(421, {
      error: { code: 'misdirected', message: `This origin does not answer for ${hostname}.` },
    })
  }
}
