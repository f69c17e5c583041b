import { type ChildProcess, spawn } from 'node:child_process'
import { createCipheriv, createDecipheriv, createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type Channel, type ChannelModel, connect } from 'amqplib'
import type { JsonObject } from '../../../src/kernel/index.ts'
import { runtimeProgram } from '../../component/component-folder.ts'
import type { Platform } from '../../component/platform.ts'
import type { Broker } from './broker.ts'

/** What comes out of a step, in the order in which it comes. */
export type StepOutput =
  | {
      readonly kind: 'data'
      readonly body: unknown
      readonly messageId: string
      /** Whether the body lay in the platform's storage. */
      readonly stored: boolean
    }
  | { readonly kind: 'snapshot'; readonly snapshot: unknown }
  | { readonly kind: 'error'; readonly message: string; readonly name: string }
  | { readonly kind: 'rebound'; readonly reason: string }

/** A step to run: which entry, with which configuration, from which snapshot. */
export interface StepOptions {
  readonly entry: string
  readonly configuration: JsonObject
  readonly snapshot?: unknown
  /** Whether messages carry along what the steps before emitted. */
  readonly passthrough?: boolean
  /** Where the component lies, if not in the flow's folder. */
  readonly folder?: string
  /** Leaves the messages that come out to the broker, which drops them. */
  readonly discard?: boolean
  readonly variables?: Readonly<Record<string, string>>
}

/** One step of a flow in the runtime's own process. */
export interface FlowStep {
  /** Sends a message, encrypted as the platform does. */
  send(body: unknown, options?: SendOptions): void
  /** The next thing that comes out. */
  next(): Promise<StepOutput>
  /** Everything that comes until all messages that were sent are done. */
  untilDone(patienceMs?: number): Promise<readonly StepOutput[]>
  /** Asks the process to end, and tells how it did. */
  terminate(): Promise<number | null>
  /** Waits until the process has ended by itself. */
  ended(): Promise<number | null>
  /** Ends the process as a crash does. */
  kill(): Promise<void>
  /** What has come out since it was last asked. */
  rest(): Promise<readonly StepOutput[]>
  /** Everything that the process logged. */
  log(): string
  readonly pid: number
}

/** How a message is sent. */
export interface SendOptions {
  /** Leaves out the header by which the runtime knows a message. */
  readonly withoutId?: boolean
  /** Leaves the body in the platform's storage. */
  readonly stored?: boolean
  readonly passthrough?: JsonObject
}

const PASSWORD = 'a-password-of-this-test'
const IV = '0123456789abcdef'
const PATIENCE_MS = 60_000
const LOOK_MS = 50
const SETTLED_MS = 250
/** By which the runtime finds a body in the storage. */
const STORED = 'x-ipaas-object-storage-id'

/** A flow of the platform on a broker: the queues are there before the runtime comes. */
export class Flow implements AsyncDisposable {
  readonly #connection: ChannelModel
  readonly #channel: Channel
  readonly #platform: Platform
  readonly #folder: string
  readonly #uri: string
  readonly #children = new Set<ChildProcess>()
  #steps = 0

  private constructor(parts: {
    readonly connection: ChannelModel
    readonly channel: Channel
    readonly platform: Platform
    readonly folder: string
    readonly uri: string
  }) {
    this.#connection = parts.connection
    this.#channel = parts.channel
    this.#platform = parts.platform
    this.#folder = parts.folder
    this.#uri = parts.uri
  }

  static async open(broker: Broker, platform: Platform, folder: string): Promise<Flow> {
    const connection = await connect(broker.uri)
    const channel = await connection.createChannel()
    await channel.assertExchange('flow1:ex', 'direct', { durable: true })
    return new Flow({ connection, channel, platform, folder, uri: broker.uri })
  }

  /** Starts the runtime for one step. */
  async start(options: StepOptions): Promise<FlowStep> {
    this.#steps += 1
    const step = `step_${this.#steps}`
    const outputs = new Mailbox()
    await this.#declare(step, outputs, options.discard === true)
    this.#platform.steps.set(`flow1/${step}`, {
      ...{ id: step, comp_id: 'comp1', function: options.entry },
      is_passthrough: options.passthrough === true,
      config: options.configuration,
      snapshot: options.snapshot ?? {},
      variables: {},
    })
    const child = spawn(process.execPath, [runtimeProgram('run.js')], {
      cwd: options.folder ?? this.#folder,
      env: { ...this.#variables(step, options), ...options.variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#children.add(child)
    let log = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (log += text))
    let sent = 0
    const done = () => (log.match(/"msg":"processMessage emit end"/g) ?? []).length >= sent
    const ended = async (signal: NodeJS.Signals) => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      const exit = once(child, 'exit')
      child.kill(signal)
      await exit
      return child.exitCode
    }
    const exited = once(child, 'exit')
    return {
      ended: async () => exited.then(() => child.exitCode),
      send: (body, more = {}) => {
        sent += 1
        this.#send(step, body, more)
      },
      next: () => outputs.next(() => log),
      untilDone: (patienceMs) => outputs.untilDone(done, () => log, patienceMs),
      terminate: () => ended('SIGTERM'),
      kill: async () => void (await ended('SIGKILL')),
      rest: () => outputs.rest(),
      log: () => log,
      pid: child.pid ?? 0,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) if (child.exitCode === null) child.kill('SIGKILL')
    await this.#connection.close()
  }

  async #declare(step: string, outputs: Mailbox, discard: boolean): Promise<void> {
    const bind = async (
      queue: string,
      key: string,
      limit: { readonly maxLength?: number } = {},
    ) => {
      await this.#channel.assertQueue(queue, { durable: true, ...limit })
      await this.#channel.bindQueue(queue, 'flow1:ex', `flow1.${step}.${key}`)
    }
    await bind(`flow1:${step}:messages`, 'message')
    for (const key of ['data', 'error', 'rebound', 'snapshot'] as const) {
      const queue = `flow1:${step}:${key}`
      const dropped = discard && key === 'data'
      await bind(queue, key, dropped ? { maxLength: 1 } : {})
      if (dropped) continue
      await this.#channel.consume(queue, (message) => {
        if (message !== null) {
          const { content, properties } = message
          outputs.put(readOutput(this.#platform, key, content, properties.headers ?? {}))
          this.#channel.ack(message)
        }
      })
    }
  }

  #send(step: string, body: unknown, { withoutId, passthrough, stored }: SendOptions): void {
    const headers = {
      ...{ taskId: 'flow1', execId: 'exec1', workspaceId: 'ws1', containerId: 'cont1' },
      ...{ userId: 'user1', stepId: 'step_0', threadId: randomUUID() },
      ...(withoutId === true ? {} : { messageId: randomUUID() }),
    }
    const carried = passthrough === undefined ? {} : { passthrough }
    const message = stored === true ? this.#store(body) : { body, headers: {} }
    const content = encrypt({ ...message, attachments: {}, ...carried })
    const properties = { contentType: 'application/json', contentEncoding: 'utf8', headers }
    this.#channel.publish('flow1:ex', `flow1.${step}.message`, content, properties)
  }

  #store(body: unknown) {
    const id = randomUUID()
    this.#platform.objects.set(id, { contentType: 'application/json', body: cipher(body) })
    return { body: {}, headers: { [STORED]: id } }
  }

  #variables(step: string, { entry }: StepOptions): Record<string, string> {
    const own = {
      FLOW_ID: 'flow1',
      EXEC_ID: 'exec1',
      STEP_ID: step,
      CONTAINER_ID: 'cont1',
      USER_ID: 'user1',
      COMP_ID: 'comp1',
      FUNCTION: entry,
      AMQP_URI: this.#uri,
      LISTEN_MESSAGES_ON: `flow1:${step}:messages`,
      PUBLISH_MESSAGES_TO: 'flow1:ex',
      DATA_ROUTING_KEY: `flow1.${step}.data`,
      ERROR_ROUTING_KEY: `flow1.${step}.error`,
      REBOUND_ROUTING_KEY: `flow1.${step}.rebound`,
      SNAPSHOT_ROUTING_KEY: `flow1.${step}.snapshot`,
      MESSAGE_CRYPTO_PASSWORD: PASSWORD,
      MESSAGE_CRYPTO_IV: IV,
      // Its own brakes are not what is tested.
      DATA_RATE_LIMIT: '10000',
      SNAPSHOT_RATE_LIMIT: '10000',
    }
    return {
      PATH: process.env['PATH'] ?? '',
      TMPDIR: this.#folder,
      ...this.#platform.variables(),
      // It tells then when it is done with a message.
      LOG_LEVEL: 'trace',
      ...Object.fromEntries(
        Object.entries(own).map(([name, value]) => [`ELASTICIO_${name}`, value]),
      ),
    }
  }
}

/** What has come out and was not yet taken. */
class Mailbox {
  readonly #waiting: StepOutput[] = []
  #wake: (() => void) | undefined

  put(output: StepOutput): void {
    this.#waiting.push(output)
    this.#wake?.()
  }

  async next(log: () => string, ms = PATIENCE_MS): Promise<StepOutput> {
    const output = await this.#take(ms)
    if (output === undefined) throw new Error(`Nothing came out:\n${log().slice(-4_000)}`)
    return output
  }

  /** Takes what comes until the work is done; all that was emitted is with the broker then. */
  async untilDone(
    done: () => boolean,
    log: () => string,
    patienceMs = PATIENCE_MS,
  ): Promise<readonly StepOutput[]> {
    const outputs: StepOutput[] = []
    const until = Date.now() + patienceMs
    while (true) {
      const wasDone = done()
      const output = await this.#take(wasDone ? SETTLED_MS : LOOK_MS)
      if (output !== undefined) outputs.push(output)
      else if (wasDone) return outputs
      if (Date.now() > until) throw new Error(`The step is not done:\n${log().slice(-4_000)}`)
    }
  }

  async rest(): Promise<readonly StepOutput[]> {
    return this.untilDone(
      () => true,
      () => '',
    )
  }

  async #take(ms: number): Promise<StepOutput | undefined> {
    if (this.#waiting.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      this.#wake = undefined
    }
    return this.#waiting.shift()
  }
}

function readOutput(
  platform: Platform,
  key: 'data' | 'error' | 'rebound' | 'snapshot',
  content: Buffer,
  headers: Readonly<Record<string, unknown>>,
): StepOutput {
  if (key === 'data') {
    const message = Object(decrypt(content.toString()))
    const kept = platform.objects.get(message.headers[STORED])
    const body = kept === undefined ? message.body : decipher(kept.body)
    const messageId = String(headers['messageId'])
    return { kind: 'data', body, messageId, stored: kept !== undefined }
  }
  if (key === 'rebound') return { kind: 'rebound', reason: String(headers['reboundReason']) }
  const plain: unknown = JSON.parse(content.toString())
  if (key === 'snapshot') return { kind: 'snapshot', snapshot: plain }
  const { name, message } = Object(decrypt(Object(plain).error))
  return { kind: 'error', name, message }
}

const key = createHash('sha256').update(PASSWORD, 'utf8').digest()

function encrypt(message: unknown): Buffer {
  return Buffer.from(cipher(message).toString('base64'))
}

function decrypt(text: string): unknown {
  return decipher(Buffer.from(text, 'base64'))
}

function cipher(value: unknown): Buffer {
  const cipher = createCipheriv('aes-256-cbc', key, IV)
  return Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()])
}

function decipher(bytes: Buffer): unknown {
  const decipher = createDecipheriv('aes-256-cbc', key, IV)
  return JSON.parse(Buffer.concat([decipher.update(bytes), decipher.final()]).toString('utf8'))
}
