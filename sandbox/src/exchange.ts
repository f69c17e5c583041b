import type { IncomingHttpHeaders } from 'node:http'

/** One HTTP request as it arrived: `url` is absolute and carries the host the client named. */
export interface Exchange {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** Aborted when the client hangs up or the sandbox stops. */
  readonly signal: AbortSignal
}

/** What goes back: a header value may be a list, each then sent as a line of its own. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer
  /** Address of the row that was made or changed, for the requests of a batch that refer to it. */
  readonly row?: string
}

/** Serves one origin: Entra ID, one organization, or the control API. */
export type Handler = (exchange: Exchange) => Promise<Answer>
