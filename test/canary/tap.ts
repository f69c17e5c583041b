import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Secrets } from './secrets.ts'

/** Stands between the hub and the sandbox, and notes every secret that goes by. */
export interface Tap {
  /** The value of `FAIRLEAD_CONNECT_TO` by which a hub goes through it. */
  readonly connectTo: string
  /** Answers the next request whose path or body holds a text by an error that quotes all of it. */
  echo(part: string, error?: string): void
  close(): Promise<void>
}

/** Starts a tap before the given origins of the sandbox. */
export async function startTap(origins: readonly string[], secrets: Secrets): Promise<Tap> {
  const echoes: { readonly part: string; readonly error: string }[] = []
  const server = createServer(async (incoming, outgoing) => {
    try {
      const sent = await bodyOf(incoming)
      noteRequest(incoming, sent, secrets)
      const at = echoes.findIndex(({ part }) => `${incoming.url}\n${sent}`.includes(part))
      const [echo] = at < 0 ? [] : echoes.splice(at, 1)
      if (echo) {
        outgoing.writeHead(400, { 'content-type': 'application/json' })
        outgoing.end(JSON.stringify(quotation(incoming, sent, echo.error)))
        return
      }
      const [answer, received] = await forward(incoming, sent)
      noteAnswer(received, secrets)
      const { 'transfer-encoding': _, 'content-length': __, ...headers } = answer.headers
      outgoing.writeHead(answer.statusCode ?? 502, headers)
      outgoing.end(shortLived(received))
    } catch {
      outgoing.destroy()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    connectTo: origins.map((origin) => `${new URL(origin).host}=127.0.0.1:${port}`).join(','),
    echo: (part, error = 'invalid_client') => void echoes.push({ part, error }),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

// A token that has ended already is renewed at each use.
function shortLived(body: Buffer): Buffer {
  if (!body.includes('"access_token"')) return body
  const text = body.toString().replace(/("expires_in":"?)\d+/, (_, name) => `${name}0`)
  return Buffer.from(text)
}

// What no server should do: in the shapes of Entra's and Dataverse's errors, everything that was sent, as
// it came, decoded, cut and encoded.
function quotation({ headers, url }: IncomingMessage, body: Buffer, error: string): object {
  const fields = [...new URLSearchParams(body.toString()).values()]
  const quoted = [headers.authorization ?? '', body.toString(), ...fields]
  const cut = quoted.map((each) => each.slice(10, 40))
  const text = [...cut, ...quoted].join(' ')
  const message = `AADSTS7000215: ${text} ${Buffer.from(text).toString('base64')}`
  if (url?.startsWith('/api/data/')) return { error: { code: '0x80040217', message } }
  const shorter = cut.join(' ')
  return { error, error_description: message, suberror: shorter, trace_id: shorter }
}

// Compressed answers would hide what is to be noted.
async function forward(
  { url, method, headers }: IncomingMessage,
  body: Buffer,
): Promise<readonly [IncomingMessage, Buffer]> {
  const { 'accept-encoding': _, connection: __, ...kept } = headers
  const target = new URL(url ?? '/', `http://${headers.host}`)
  const options = { headers: kept, agent: false as const, ...(method && { method }) }
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(target, options, resolve).once('error', reject).end(body)
  })
  return [answer, await bodyOf(answer)]
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part)
  return Buffer.concat(parts)
}

function noteRequest({ headers }: IncomingMessage, body: Buffer, secrets: Secrets): void {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
  if (token !== undefined) secrets.add('access token', token)
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    secrets.gather(new URLSearchParams(body.toString()))
  const [, hookKey] = /"authvalue":"([^"]+)"/.exec(body.toString()) ?? []
  if (hookKey !== undefined) secrets.add('hook key', hookKey)
}

function noteAnswer(body: Buffer, secrets: Secrets): void {
  if (body[0] !== 0x7b || body.length > 100_000) return
  try {
    const fields: unknown = JSON.parse(body.toString())
    // An error's own code, such as Dataverse's, is no authorization code.
    const { code: _, state: __, ...kept } = Object(fields)
    secrets.gather(Object.entries(kept))
  } catch {
    // Half a JSON, as a test ordered it, has no tokens that anybody could use.
  }
}
