import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import { relative } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { isObject } from '../../src/kernel/index.ts'
import { type LocalServer, startServer } from '../support/local-server.ts'
import { runtimeProgram } from './component-folder.ts'

/** What a refresh answers. */
export interface RefreshAnswer {
  readonly status: number
  readonly body: unknown
}

/** A credential that the small platform keeps. */
export interface KeptSecret {
  credentials: Readonly<Record<string, unknown>>
  /** What a refresh answers; none: the platform cannot refresh it. */
  refresh?: () => Promise<RefreshAnswer> | RefreshAnswer
  reads: number
  refreshes: number
}

/** The part of the platform's API that the runtime and the component call. */
export interface Platform {
  readonly server: LocalServer
  readonly secrets: Map<string, KeptSecret>
  readonly objects: Map<string, { readonly contentType: string; readonly body: Buffer }>
  /** The statuses with which the next objects are refused, in turn; nothing: it is taken. */
  readonly objectRefusals: (number | undefined)[]
  /** Steps by flow and step, as the runtime reads them at its start. */
  readonly steps: Map<string, unknown>
  /** What the start of a flow answered, by the flow. */
  readonly startData: Map<string, unknown>
  /** Who asked for secrets and objects: `x-request-id` and `user-agent`. */
  readonly callers: Set<string>
  /** What was posted as the result of a service call, by the call's id. */
  readonly results: Map<string, unknown>
  variables(): Readonly<Record<string, string>>
}

const USER = 'somebody@example.com'
const KEY = 'a-key-of-the-platform'

/** Starts a small platform. */
export async function startPlatform(t: { after(end: () => Promise<void>): void }) {
  const platform: Omit<Platform, 'server' | 'variables'> = {
    secrets: new Map(),
    objects: new Map(),
    objectRefusals: [],
    steps: new Map(),
    startData: new Map(),
    results: new Map(),
    callers: new Set(),
  }
  const server = await startServer(async (request, response) => {
    const body = await buffer(request)
    const stored = platform.objects.get(/^\/objects\/([\w-]+)/.exec(request.url ?? '')?.[1] ?? '')
    if (request.method === 'GET' && stored !== undefined) {
      response.writeHead(200, { 'content-type': stored.contentType }).end(stored.body)
      return
    }
    const [status, answer] = await answerTo(platform, request, body)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer))
  })
  t.after(() => server.close())
  const variables = () => ({
    ELASTICIO_API_URI: server.origin,
    ELASTICIO_API_USERNAME: USER,
    ELASTICIO_API_KEY: KEY,
    ELASTICIO_WORKSPACE_ID: 'ws1',
    ELASTICIO_OBJECT_STORAGE_URI: server.origin,
    ELASTICIO_OBJECT_STORAGE_TOKEN: 'token-of-the-storage',
    LOG_LEVEL: 'debug',
  })
  return { ...platform, server, variables } satisfies Platform
}

type Answer = readonly [status: number, body: unknown]

async function answerTo(
  platform: Omit<Platform, 'server' | 'variables'>,
  request: IncomingMessage,
  body: Buffer,
): Promise<Answer> {
  const { method = 'GET', url = '/', headers } = request
  if (/secrets|objects/.test(url))
    platform.callers.add(`${headers['x-request-id']} ${headers['user-agent']}`)
  if (url.startsWith('/results/')) {
    platform.results.set(url.slice('/results/'.length), JSON.parse(body.toString()))
    return [200, {}]
  }
  if (method === 'POST' && url === '/objects') {
    const refusal = platform.objectRefusals.shift()
    if (refusal !== undefined) return [refusal, { error: 'refused' }]
    const objectId = `object-${platform.objects.size + 1}`
    const contentType = String(headers['content-type'])
    platform.objects.set(objectId, { contentType, body })
    return [201, { objectId }]
  }
  const hook = /^\/sailor-support\/hooks\/task\/(\w+)\/startup\/data$/.exec(url)?.[1]
  if (hook !== undefined) return answerHook(platform.startData, method, hook, body)
  const step = /^\/v1\/tasks\/(\w+)\/steps\/(\w+)$/.exec(url)
  if (step !== null) return [200, platform.steps.get(`${step[1]}/${step[2]}`) ?? {}]
  const found = /^\/v2\/workspaces\/ws1\/secrets\/([\w-]+)(\/refresh)?$/.exec(url)
  const secret = platform.secrets.get(found?.[1] ?? '')
  return secret === undefined
    ? [404, { errors: [{ detail: 'not found' }] }]
    : answerSecret(secret, found?.[2] !== undefined)
}

function answerHook(kept: Map<string, unknown>, method: string, id: string, body: Buffer): Answer {
  const data = kept.get(id)
  if (method === 'POST' && data !== undefined) return [409, { error: 'there already' }]
  if (method === 'POST') kept.set(id, JSON.parse(body.toString()))
  else if (data === undefined) return [404, { error: 'not there' }]
  else if (method === 'DELETE') kept.delete(id)
  return [200, method === 'GET' ? data : {}]
}

async function answerSecret(secret: KeptSecret, refresh: boolean): Promise<Answer> {
  if (refresh) {
    secret.refreshes += 1
    const answer = (await secret.refresh?.()) ?? { status: 400, body: {} }
    if (answer.status !== 200) return [answer.status, answer.body]
    if (isObject(answer.body)) secret.credentials = { ...secret.credentials, ...answer.body }
  } else secret.reads += 1
  return [
    200,
    { data: { id: 's', type: 'secret', attributes: { credentials: secret.credentials } } },
  ]
}

/** What a call of the runtime's service program asks. */
export interface ServiceCall {
  readonly method: 'verifyCredentials' | 'getMetaModel' | 'selectModel'
  readonly configuration: Readonly<Record<string, unknown>>
  readonly entry?: string
  readonly model?: string
  readonly allowedOrigins: readonly string[]
  readonly variables?: Readonly<Record<string, string>>
  /** Where the runtime lies, if not in the checkout. */
  readonly root?: string
}

/** Calls the component through the runtime's service program, and gives what it posted and logged. */
export async function callService(folder: string, platform: Platform, call: ServiceCall) {
  const id = randomUUID()
  const child = spawn(process.execPath, [runtimeProgram('runService.js', call.root), call.method], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      // What it keeps on disk is gone with the folder.
      TMPDIR: folder,
      ...serviceVariables(platform, call, id),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
  })
  const [log, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  if (child.exitCode === null) await once(child, 'exit')
  return { ...takeResult(platform, id, errors), log: log + errors }
}

/**
 * Calls the component through the runtime's service module in this process, which takes a hundredth of
 * the time. The first call decides on the allowed origins.
 */
export async function callServiceHere(folder: string, platform: Platform, call: ServiceCall) {
  const id = randomUUID()
  const variables = serviceVariables(platform, call, id)
  Object.assign(process.env, variables, { TMPDIR: folder, LOG_LEVEL: 'fatal' })
  const service: { processService(method: string, variables: object): Promise<unknown> } =
    createRequire(import.meta.url)(runtimeProgram('lib/service.js'))
  await service.processService(call.method, {
    ...variables,
    ELASTICIO_COMPONENT_PATH: relative(process.cwd(), folder),
  })
  return takeResult(platform, id, '')
}

function serviceVariables(platform: Platform, call: ServiceCall, id: string) {
  return {
    ...platform.variables(),
    FAIRLEAD_ALLOWED_ORIGINS: call.allowedOrigins.join(','),
    ELASTICIO_POST_RESULT_URL: `${platform.server.origin}/results/${id}`,
    ELASTICIO_CFG: JSON.stringify(call.configuration),
    ...(call.entry === undefined ? {} : { ELASTICIO_ACTION_OR_TRIGGER: call.entry }),
    ...call.variables,
    ...(call.model === undefined ? {} : { ELASTICIO_GET_MODEL_METHOD: call.model }),
  }
}

function takeResult(platform: Platform, id: string, errors: string) {
  const result = platform.results.get(id)
  platform.results.delete(id)
  if (!isObject(result)) throw new Error(`The runtime posted nothing: ${errors}`)
  return { status: result['status'], data: Object(result['data']) }
}
