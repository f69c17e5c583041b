import { Readable } from 'node:stream'
import type { AttachmentStore, OpenedAttachment } from '../../src/connector/index.ts'
import { isObject } from '../../src/kernel/index.ts'
import { type HttpResponse, readJson, type Send } from '../../src/transport/index.ts'
import { ComponentError } from './component-error.ts'
import type { ComponentEnvironment } from './environment.ts'

const TIMEOUT_MS = 120_000

type Storage = NonNullable<ComponentEnvironment['objects']>

/** Puts attachments into the platform's object storage, and reads them from there, as they arrive. */
export function objectStorage(storage: Storage | undefined, send: Send): AttachmentStore {
  return {
    put: (body, options) => lettingGo(body, async () => put(given(storage), send, body, options)),
    get: async (url, options) => get(given(storage), send, url, options),
  }
}

function given(storage: Storage | undefined): Storage {
  if (storage === undefined) throw missing()
  return storage
}

async function put(
  { uri, token }: Storage,
  send: Send,
  body: ReadableStream<Uint8Array>,
  { contentType, signal }: Parameters<AttachmentStore['put']>[1],
) {
  const counted = { size: 0 }
  const response = await send({
    method: 'POST',
    url: new URL(`${baseOf(uri)}/objects`),
    headers: { authorization: `Bearer ${token}`, 'content-type': contentType },
    body: Readable.from(counting(body, counted)),
    ...(signal === undefined ? {} : { signal }),
    timeoutMs: TIMEOUT_MS,
  })
  if (response.status !== 201 && response.status !== 200) {
    await response.discard()
    throw failed(response.status)
  }
  const answer = await readJson(response, { maxBytes: 64 * 1024 })
  const id = isObject(answer) ? answer['objectId'] : undefined
  if (typeof id !== 'string') throw failed(response.status)
  return { url: `${baseOf(uri)}/objects/${id}?storage_type=maester`, size: counted.size }
}

async function get(
  { uri, token }: Storage,
  send: Send,
  url: string,
  { signal }: Parameters<AttachmentStore['get']>[1],
): Promise<OpenedAttachment> {
  const address = URL.parse(url)
  // The storage's token goes nowhere else.
  if (address === null || !address.href.startsWith(`${baseOf(uri)}/objects/`)) throw foreign()
  const response = await send({
    method: 'GET',
    url: address,
    headers: { authorization: `Bearer ${token}` },
    ...(signal === undefined ? {} : { signal }),
    timeoutMs: TIMEOUT_MS,
  })
  if (response.status !== 200) {
    await response.discard()
    throw unreadable(response.status)
  }
  return opened(response)
}

function baseOf(uri: URL): string {
  return uri.href.replace(/\/$/, '')
}

function opened(response: HttpResponse): OpenedAttachment {
  const contentType = response.headers.get('content-type')
  const length = response.headers.get('content-length')
  const plain = response.headers.get('content-encoding') === null
  return {
    body: response.stream(),
    ...(contentType === null ? {} : { contentType }),
    ...(plain && length !== null && /^\d{1,15}$/.test(length) ? { size: Number(length) } : {}),
  }
}

// What fails before a byte was read would hold the connection that the document comes by.
async function lettingGo<Result>(
  body: ReadableStream<Uint8Array>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } finally {
    await body.cancel().catch(() => undefined)
  }
}

async function* counting(
  body: ReadableStream<Uint8Array>,
  counted: { size: number },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    counted.size += chunk.byteLength
    yield chunk
  }
}

const OUT_OF_ORDER = 'It is out of order or overloaded for the moment.'
const LATER = 'Run it again later; if it lasts, tell the operator of the platform.'

// A step whose failure may pass is run again by the platform: the document is read anew then.
function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

function missing(): ComponentError {
  return new ComponentError('object_storage_missing', {
    what: 'The document cannot be stored as an attachment.',
    why: 'The platform gave this step no place for attachments.',
    remedy: 'Choose the output in the body, or tell the operator of the platform.',
    who: 'operator',
  })
}

function foreign(): ComponentError {
  return new ComponentError('attachment_foreign', {
    what: 'The url leads to no attachment of the platform.',
    why: 'Only what the platform keeps for its flows is read.',
    remedy: 'Give the url of an attachment of a step before, or give the content in the message.',
    facts: { field: 'url' },
  })
}

function unreadable(status: number): ComponentError {
  return new ComponentError('object_storage_failed', {
    what: `The platform's storage did not give the attachment (status ${status}).`,
    ...(isPassing(status)
      ? { why: OUT_OF_ORDER, remedy: LATER, who: 'operator', retry: { when: 'later' } }
      : {
          why: 'It keeps attachments for some time only.',
          remedy: 'Run the flow again from the step that made the attachment.',
        }),
    facts: { status, field: 'url' },
  })
}

function failed(status: number): ComponentError {
  return new ComponentError('object_storage_failed', {
    what: `The platform's storage did not take the attachment (status ${status}).`,
    who: 'operator',
    ...(isPassing(status)
      ? { why: OUT_OF_ORDER, remedy: LATER, retry: { when: 'later' } }
      : {
          why: 'It may be full, or take no document of this size.',
          remedy: 'Choose the output in the body, or tell the operator of the platform.',
        }),
    facts: { status },
  })
}
