import type { Context, Handler } from 'hono'
import { routePath } from 'hono/route'
import { CodedError } from '../../kernel/index.ts'
import { PROBLEM_TYPE, STREAM_TYPE } from '../contract/index.ts'
import { MAX_BODY_BYTES, readJsonBody } from './body.ts'
import { ANSWER_MS, withinTime } from './deadline.ts'
import { createCall, type Env, type HttpContext, type Surroundings } from './frame.ts'
import type { HeldBody, LongBodies } from './long-bodies.ts'
import { toNdjson } from './ndjson.ts'
import { admit, type Call, type Document, type Operation, type RawSent } from './operation.ts'
import { toProblem } from './to-problem.ts'

/** Makes the handler of one operation. */
export function serveOperation(
  operation: Operation,
  around: Surroundings,
  bodies: LongBodies,
): Handler<Env> {
  return async function operate(c) {
    const { lines, route } = operation
    const { maxBodyBytes } = route
    if (maxBodyBytes !== undefined) await admit(route, createCall(c, around, c.req.raw.signal))
    const body = bodies.open()
    try {
      const raw = await readRaw(c, maxBodyBytes ?? MAX_BODY_BYTES, body)
      if (lines !== undefined && (c.req.header('accept') ?? '').includes(STREAM_TYPE))
        return await stream(c, around, (call) => body.heldFor(lines(raw, call)))
      return await answerWhole(c, around, operation, raw)
    } finally {
      body.end()
    }
  }
}

async function answerWhole(
  c: HttpContext,
  around: Surroundings,
  { route, document, answer }: Operation,
  raw: RawSent,
): Promise<Response> {
  const bounds = { clock: around.clock, caller: c.req.raw.signal, ms: ANSWER_MS }
  if (document !== undefined)
    return sendDocument(
      c,
      await withinTime((signal) => document(raw, createCall(c, around, signal)), bounds),
    )
  const result = await withinTime((signal) => answer(raw, createCall(c, around, signal)), bounds)
  if (route.status === 204) return c.body(null, 204)
  return c.body(JSON.stringify(result), route.status, {
    'content-type': 'application/json; charset=utf-8',
  })
}

/** Answers with a problem, and logs what the caller is not told. */
export function answerProblem(c: HttpContext, error: unknown): Response {
  const problem = toProblem(error, c.get('requestId'))
  logFailure(c, error, problem.status)
  const { retry } = problem
  if (retry.when === 'later' && retry.afterMs !== undefined)
    c.header('retry-after', String(Math.ceil(retry.afterMs / 1000)))
  if (problem.status === 401) c.header('www-authenticate', 'Bearer realm="fairlead"')
  return withStatus(c, JSON.stringify(problem), problem.status)
}

/** Logs a failure: as an error if it is the hub's own. */
export function logFailure(c: HttpContext, error: unknown, status: number): void {
  const log = c.get('logger')
  const fields = { error, path: routePath(c, -1), status }
  // Whoever has hung up has broken off the work by that: no failure of the hub's.
  if (c.req.raw.signal.aborted) log.debug('caller hung up', fields)
  else if (!(error instanceof CodedError)) log.error('request failed inside the hub', fields)
  else log[status < 500 ? 'info' : 'warn']('request refused', { ...fields, code: error.code })
}

function withStatus(c: Context<Env>, body: string, status: number): Response {
  const response = c.newResponse(body, { headers: { 'content-type': PROBLEM_TYPE } })
  return new Response(response.body, { status, headers: response.headers })
}

async function readRaw(c: HttpContext, maxBytes: number, held: HeldBody): Promise<RawSent> {
  const body = c.req.method === 'GET' ? undefined : await readJsonBody(c.req.raw, maxBytes, held)
  return { params: c.req.param(), query: c.req.query(), body }
}

// What came from elsewhere is never shown as a page of this hub: it is for saving.
function sendDocument(c: HttpContext, { name, contentType, size, body }: Document): Response {
  const known = /^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/.test(contentType)
  const file = name === undefined ? '' : `; filename*=UTF-8''${encodeURIComponent(name)}`
  return c.body(body, 200, {
    'content-type': known ? contentType : 'application/octet-stream',
    'content-length': String(size),
    'content-disposition': `attachment${file}`,
  })
}

async function stream(
  c: HttpContext,
  around: Surroundings,
  lines: (call: Call) => AsyncIterable<unknown>,
): Promise<Response> {
  const gone = new AbortController()
  const signal = AbortSignal.any([c.req.raw.signal, gone.signal])
  const iterator = lines(createCall(c, around, signal))[Symbol.asyncIterator]()
  // A failure before the first line still gets a status of its own.
  const first = await iterator.next()
  const body = toNdjson(first, iterator, {
    toProblem: (error) => {
      const problem = toProblem(error, c.get('requestId'))
      logFailure(c, error, problem.status)
      return problem
    },
    leave: () => gone.abort(),
  })
  return c.body(body, 200, { 'content-type': STREAM_TYPE, 'x-accel-buffering': 'no' })
}
