import { TransportError } from '../../transport/index.ts'
import { unexpectedAnswer } from '../answer/json-answer.ts'
import type { CallOptions } from '../call-options.ts'
import { callOptions } from '../call-options.ts'
import type { Session, SessionRequest } from '../session.ts'
import { type BatchItem, type BatchOutcomes, checkItems, operationsOf } from './batch-item.ts'
import { bounded } from './bounded.ts'
import { boundaryOf, readParts } from './multipart.ts'
import { type ItemOutcome, type ReadOutcomes, readOutcomes } from './read-outcomes.ts'
import { writeBatch } from './write-batch.ts'

/** How to send a batch. */
export interface BatchOptions extends CallOptions {
  /** Goes on after an operation that failed; otherwise the batch stops there. */
  readonly continueOnError?: boolean
  /** The most that the whole answer may have, in bytes: 128 MiB unless told otherwise. */
  readonly maxBytes?: number
}

const MOST_BYTES = 128 * 1024 * 1024

/** Sends operations in one request; see `DataverseClient.batch`. */
export function sendBatch<const Items extends readonly BatchItem[]>(
  session: Session,
  items: Items,
  options: BatchOptions,
): Promise<BatchOutcomes<Items>>
export async function sendBatch(
  session: Session,
  items: readonly BatchItem[],
  options: BatchOptions,
): Promise<readonly ItemOutcome[]> {
  checkItems(items)
  if (items.length === 0) return []
  const call = { ...options, ...session.begin(options) }
  const request = requestFor(session, items, call)
  const first = await exchange(session, items, request, call)
  const again = first.failure !== undefined && request.idempotent === true
  return (again ? await exchange(session, items, request, call) : first).outcomes
}

function requestFor(
  session: Session,
  items: readonly BatchItem[],
  options: BatchOptions,
): SessionRequest {
  const { contentType, body } = writeBatch(session.api, items)
  const prefer = options.continueOnError === true ? { prefer: 'odata.continue-on-error' } : {}
  return {
    ...callOptions(options),
    method: 'POST',
    url: new URL('$batch', session.api.root),
    headers: { 'content-type': contentType, ...prefer },
    body,
    idempotent: items
      .flatMap(operationsOf)
      .every(({ method, idempotent }) => idempotent ?? method === 'GET'),
    // A batch that stopped has the status of the failure, and its answer in parts all the same.
    allow: ({ headers }) => boundaryOf(headers.get('content-type')) !== undefined,
  }
}

async function exchange(
  session: Session,
  items: readonly BatchItem[],
  request: SessionRequest,
  options: BatchOptions,
): Promise<ReadOutcomes> {
  const parseFault = await session.faultReader(options)
  const response = await session.request(request)
  const boundary = boundaryOf(response.headers.get('content-type'))
  if (boundary === undefined) {
    await response.discard()
    throw unexpectedAnswer(request.url, 'something else than parts')
  }
  const parts = readParts(bounded(response, options.maxBytes ?? MOST_BYTES), boundary)
  const { continueOnError = false } = options
  const read = await readOutcomes(parts, { api: session.api, items, continueOnError, parseFault })
  const { failure } = read
  if (failure instanceof TransportError && failure.code === 'aborted') throw failure
  return read
}
