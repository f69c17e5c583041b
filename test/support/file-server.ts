import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { DataverseClient } from '../../src/dataverse/index.ts'
import { silentLogger, systemClock } from '../../src/kernel/index.ts'
import { createEgress, createSender } from '../../src/transport/index.ts'
import { answerDefinitions } from './account-definitions.ts'
import { countedTokens } from './dataverse-server.ts'
import { eagerClock } from './eager-clock.ts'
import { startServer } from './local-server.ts'

/** A request for a part of a file, as the server has seen it. */
export interface SeenPart {
  readonly method: string
  readonly path: string
  readonly range: string | undefined
  readonly bytes: number
  readonly headers: IncomingHttpHeaders
}

/** What is answered instead. */
export interface OtherAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
  /** Breaks the answer off at its end. */
  readonly cut?: boolean
}

/** What a test may have go wrong; each is asked for every request. */
export interface FileFaults {
  /** Loses the connection before the request takes effect. */
  readonly lose?: (part: SeenPart) => boolean
  /** Breaks an answer off after so many bytes. */
  readonly cutAfter?: (part: SeenPart) => number | undefined
  /** Sends so many bytes of an answer, and then nothing more. */
  readonly stallAfter?: (part: SeenPart) => number | undefined
  /** Answers a request by something else, before it takes effect. */
  readonly answer?: (part: SeenPart) => OtherAnswer | undefined
  /** Forgets the first block of a file that comes block by block. */
  readonly forgetsBlock?: boolean
}

interface FileServerOptions extends FileFaults {
  readonly partBytes?: number
  readonly file?: Buffer
}

/** Starts a server that keeps one file as the documents say, in a column of any account. */
export async function startFileServer(
  context: { after(end: () => Promise<void>): void },
  options: FileServerOptions = {},
) {
  const state = new FileState(options)
  const seen: SeenPart[] = []
  const server = await startServer(async (request, response) => {
    const part = await seenPart(request)
    const known = answerDefinitions({ ...part.seen, query: server.url(part.path).searchParams })
    if (known !== undefined) return json(response, known.status ?? 200, known.body)
    if (part.path.includes('/RetrieveMetadataChanges')) {
      return json(response, 501, { error: { code: '0x80040203', message: 'Not here.' } })
    }
    seen.push(part.seen)
    if (options.lose?.(part.seen) === true) return void request.socket.destroy()
    const other = options.answer?.(part.seen)
    if (other !== undefined) return otherwise(response, other)
    await state.answer(part, response, {
      cutAfter: options.cutAfter?.(part.seen),
      stallAfter: options.stallAfter?.(part.seen),
    })
  })
  const clock = eagerClock()
  const sender = createSender({
    egress: createEgress({ allow: [server.origin] }),
    clock: systemClock,
    logger: silentLogger,
  })
  context.after(async () => {
    await sender.close()
    await server.close()
  })
  const client = new DataverseClient({
    environmentUrl: server.origin,
    apiVersion: 'v9.2',
    tokens: countedTokens(),
    send: sender.send,
    clock,
    logger: silentLogger,
  })
  return { client, seen, state }
}

interface Breaks {
  readonly cutAfter: number | undefined
  readonly stallAfter: number | undefined
}

type Part = Awaited<ReturnType<typeof seenPart>>

/** The file of the server, and what is being put together. */
class FileState {
  file: Buffer | undefined
  name: string | undefined
  readonly #partBytes: number
  readonly #forgetsBlock: boolean
  readonly #blocks = new Map<string, Buffer>()
  #parts: Buffer = Buffer.alloc(0)

  constructor({ partBytes = 1_000_000, file, forgetsBlock = false }: FileServerOptions) {
    this.#partBytes = partBytes
    this.#forgetsBlock = forgetsBlock
    this.file = file
  }

  async answer(part: Part, response: ServerResponse, breaks: Breaks) {
    const { method } = part.seen
    if (method === 'GET') return this.#read(part, response, breaks)
    if (method === 'POST') return this.#message(part, response)
    if (method === 'DELETE') this.file = undefined
    else if (part.headers['x-ms-transfer-mode'] === 'chunked') return this.#begin(part, response)
    else if (part.headers['content-range'] !== undefined) return this.#part(part, response)
    else this.#keep(part.body, part)
    response.writeHead(204).end()
  }

  #begin(part: Part, response: ServerResponse) {
    this.#parts = Buffer.alloc(0)
    const location = `${part.path.split('?', 1)[0]}?sessiontoken=abc`
    response.writeHead(200, { location, 'x-ms-chunk-size': this.#partBytes }).end()
  }

  #part(part: Part, response: ServerResponse) {
    const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(String(part.headers['content-range']))
    const [start = -1, end = -1, total = -1] = (range ?? []).slice(1).map(Number)
    const fits = end - start + 1 === part.body.length && part.body.length <= this.#partBytes
    if (!fits || start > this.#parts.length || !part.path.includes('sessiontoken=abc')) {
      return json(response, 400, { error: { code: '0x0', message: 'No such part.' } })
    }
    this.#parts = Buffer.concat([this.#parts.subarray(0, start), part.body])
    if (this.#parts.length < total) return void response.writeHead(206).end()
    this.#keep(this.#parts, part)
    response.writeHead(204).end()
  }

  #message(part: Part, response: ServerResponse) {
    const body = JSON.parse(part.body.toString())
    if (part.path.endsWith('/InitializeFileBlocksUpload')) {
      this.#blocks.clear()
      return json(response, 200, { FileContinuationToken: 'token' })
    }
    if (part.path.endsWith('/UploadBlock')) {
      this.#blocks.set(body.BlockId, Buffer.from(body.BlockData, 'base64'))
      return void response.writeHead(204).end()
    }
    const blocks: Buffer[] = body.BlockList.map((id: string) => this.#blocks.get(id))
    this.file = Buffer.concat(this.#forgetsBlock ? blocks.slice(1) : blocks)
    this.name = body.FileName
    json(response, 200, { FileId: 'id', FileSizeInBytes: this.file.length })
  }

  #read({ headers }: Part, response: ServerResponse, { cutAfter, stallAfter }: Breaks) {
    if (this.file === undefined) return void response.writeHead(204).end()
    const [start = 0, end = 0] =
      /\d+-\d+/.exec(String(headers.range))?.[0].split('-').map(Number) ?? []
    const body = this.file.subarray(start, end + 1)
    response.writeHead(206, {
      'content-type': 'application/octet-stream',
      'content-length': body.length,
      'content-range': `bytes ${start}-${start + body.length - 1}/${this.file.length}`,
      'x-ms-file-size': this.file.length,
      etag: `"${createHash('sha256').update(this.file).digest('hex')}"`,
      'x-ms-file-name': this.name ?? 'file.bin',
    })
    if (stallAfter !== undefined) return void response.write(body.subarray(0, stallAfter))
    if (cutAfter === undefined) return void response.end(body)
    response.write(body.subarray(0, cutAfter), () => response.destroy())
  }

  #keep(file: Buffer, { path, headers }: Part) {
    this.file = file
    const inPath = new URL(path, 'http://x').searchParams.get('x-ms-file-name')
    this.name = String(headers['x-ms-file-name'] ?? inPath)
  }
}

async function seenPart(request: IncomingMessage) {
  const { method = '', url: path = '/', headers } = request
  const body = await buffer(request)
  const range = headers['content-range'] ?? headers.range
  const seen = { method, path, range, bytes: body.length, headers, body: '' }
  return { seen, path, headers, body }
}

function otherwise(response: ServerResponse, { status, headers, body, cut }: OtherAnswer) {
  response.writeHead(status, headers)
  if (cut === true) response.write(body ?? '', () => response.destroy())
  else response.end(body)
}

function json(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
