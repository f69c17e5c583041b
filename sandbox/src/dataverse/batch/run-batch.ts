import type { Answer, Exchange } from '../../exchange.ts'
import { badQuery, Fault, wrongMethod } from '../fault.ts'
import { readAddress } from '../http/address.ts'
import { nestedBatch, unknownReference, unreadable } from './faults.ts'
import { type BatchItem, type InnerRequest, readBatch } from './read-batch.ts'
import { type BatchAnswer, type InnerAnswer, writeBatch } from './write-batch.ts'

/** What a batch needs of the organization around it. */
export interface BatchHost {
  /** `https://host/api/data/v9.2` */
  readonly base: string
  /** Every origin of the organization. */
  readonly origins: readonly string[]
  /** What is known under `$<content-id>` to the request that runs; `perform` reads it. */
  perform(exchange: Exchange, references: ReadonlyMap<string, string>): Answer
  /** Writes a fault as the answer of this request. */
  refuse(fault: Fault, exchange: Exchange): Answer
  atomically<T>(work: () => T): T
  newGuid(): string
  /** Whether a failed change set keeps its wrapper around the one error. */
  readonly failedChangeSet: 'wrapped' | 'bare'
}

const MAX_ADDRESS = 65_536
const NO_REFERENCES: ReadonlyMap<string, string> = new Map()

/** Ends a change set: whatever it did is taken back. */
class ChangeSetFailure extends Error {
  readonly inner: InnerAnswer

  constructor(inner: InnerAnswer) {
    super('a request of the change set failed')
    this.inner = inner
  }
}

/** Answers a POST to `$batch`: request by request, in their order. */
export function answerBatch(exchange: Exchange, host: BatchHost): Answer {
  if (exchange.method !== 'POST') throw wrongMethod(exchange.method)
  const batch = readBatch(exchange.headers['content-type'], exchange.body)
  const goesOn = continues(exchange.headers['prefer'])
  const answers: BatchAnswer[] = []
  let status = 200
  for (const [index, item] of batch.items.entries()) {
    const readable = batch.readable || index < batch.items.length - 1
    const answer = readable ? runItem(exchange, host, item) : refuseItem(exchange, host, item)
    answers.push(answer)
    const failed = failureOf(answer)
    if (failed === undefined || goesOn) continue
    // The batch has the status of the error that stopped it.
    status = failed
    break
  }
  return writeBatch(status, answers, host.newGuid)
}

function continues(header: string | readonly string[] | undefined): boolean {
  const text = typeof header === 'string' ? header : (header ?? []).join(',')
  return /(?:^|,)\s*odata\.continue-on-error\s*(?:=\s*"?true"?\s*)?(?:[,;]|$)/i.test(text)
}

function failureOf(answer: BatchAnswer): number | undefined {
  const inner = answer.kind === 'request' ? [answer.answer] : answer.answers
  return inner.find(({ answer: { status } }) => status >= 400)?.answer.status
}

function runItem(exchange: Exchange, host: BatchHost, item: BatchItem): BatchAnswer {
  if (item.kind === 'request') {
    return { kind: 'request', answer: run(exchange, host, item.request, NO_REFERENCES) }
  }
  const references = new Map<string, string>()
  try {
    const answers = host.atomically(() =>
      item.requests.map((request) => {
        const inner = run(exchange, host, request, references)
        if (inner.answer.status >= 400) throw new ChangeSetFailure(inner)
        const { row } = inner.answer
        if (row !== undefined && inner.contentId !== undefined) references.set(inner.contentId, row)
        return inner
      }),
    )
    return { kind: 'changeSet', answers }
  } catch (error) {
    if (!(error instanceof ChangeSetFailure)) throw error
    return failedChangeSet(host, error.inner)
  }
}

function failedChangeSet(host: BatchHost, inner: InnerAnswer): BatchAnswer {
  return host.failedChangeSet === 'wrapped'
    ? { kind: 'changeSet', answers: [inner] }
    : { kind: 'request', answer: { ...inner, contentId: undefined } }
}

function run(
  outer: Exchange,
  host: BatchHost,
  request: InnerRequest,
  references: ReadonlyMap<string, string>,
): InnerAnswer {
  const { method, headers, body, contentId } = request
  const exchange = { method, headers, body, url: outer.url, signal: outer.signal }
  const url = resolve(host, request.target, references)
  const answer =
    url instanceof URL ? host.perform({ ...exchange, url }, references) : host.refuse(url, exchange)
  return { answer, contentId, id: host.newGuid() }
}

/** Finds the address of a request, or what is wrong with it. */
function resolve(
  host: BatchHost,
  target: string,
  references: ReadonlyMap<string, string>,
): URL | Fault {
  const [reference, name = ''] = /^\$([^/?]+)/.exec(target) ?? []
  let text = target
  if (reference !== undefined && name !== 'batch' && name !== 'metadata') {
    const known = references.get(name)
    if (known === undefined) return unknownReference(reference)
    text = known + target.slice(reference.length)
  }
  if (text.length > MAX_ADDRESS) {
    return new Fault(414, '', `The request URI is longer than ${MAX_ADDRESS} characters.`)
  }
  if (!URL.canParse(text, `${host.base}/`)) {
    return badQuery(`The address '${target}' of a request in the batch cannot be read.`)
  }
  const url = new URL(text, `${host.base}/`)
  if (url.origin !== new URL(host.base).origin && !host.origins.includes(url.origin)) {
    return badQuery(`The address '${target}' of a request in the batch leads elsewhere.`)
  }
  return isBatch(url) ? nestedBatch() : url
}

function isBatch(url: URL): boolean {
  try {
    return readAddress(url.pathname)?.segments[0]?.name === '$batch'
  } catch {
    return false
  }
}

/** The last item of a batch whose lines do not end as they must: nothing of it can be read. */
function refuseItem(outer: Exchange, host: BatchHost, item: BatchItem): BatchAnswer {
  const request = item.kind === 'request' ? item.request : item.requests.at(-1)
  if (!request) return { kind: 'changeSet', answers: [] }
  const { method, headers, body, contentId } = request
  const set = /([^/(?]+)(?:\([^)]*\))?(?:\?.*)?$/.exec(request.target)?.[1] ?? request.target
  const exchange = { method, headers, body, url: outer.url, signal: outer.signal }
  const answer = host.refuse(unreadable(set), exchange)
  const inner = { answer, contentId, id: host.newGuid() }
  return item.kind === 'request' ? { kind: 'request', answer: inner } : failedChangeSet(host, inner)
}
