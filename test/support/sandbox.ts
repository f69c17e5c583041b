import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { requestOnce } from './plain-request.ts'

/** What the sandbox prints about itself when it is ready. */
export interface SandboxDescription {
  readonly orgUrl: string
  readonly apiUrl: string
  readonly authority: string
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  readonly users: readonly SandboxUser[]
  readonly adminUrl: string
  readonly caFile: string | null
  readonly organizations: readonly {
    readonly url: string
    readonly apiUrl: string
    readonly uniqueName: string
    readonly tenantId: string
    readonly hostAliases: readonly string[]
  }[]
  readonly tenants: readonly { readonly id: string; readonly domains: readonly string[] }[]
  readonly apps: readonly SandboxApp[]
}

export interface SandboxUser {
  readonly username: string
  readonly password: string
  /** What the user is there to show: `admin`, `member`, `needsMfa` and so on. */
  readonly state: string
  readonly displayName: string
  readonly tenantId: string
  readonly objectId: string
}

export interface SandboxApp {
  /** What the registration is there to show: `singleTenant`, `multiTenant`, `native` and so on. */
  readonly label: string
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string | null
  readonly secretId: string | null
  readonly redirectUris: readonly string[]
}

export interface SandboxOptions {
  readonly https?: boolean
  /** Accounts of each organization; few, so that it starts quickly. */
  readonly rows?: number
  /** Keeps its state in this folder. */
  readonly state?: string
  readonly port?: number
  /** The `$metadata` of an organization to have the tables of. */
  readonly schema?: string
  /** Seconds between the polls of a device. */
  readonly deviceInterval?: number
}

/** A sandbox in a process of its own. */
export interface Sandbox {
  readonly description: SandboxDescription
  app(label: string): SandboxApp
  user(state: string): SandboxUser
  /** Calls the control API; fails unless it says yes. */
  admin(path: string, method?: string, body?: unknown): Promise<unknown>
  close(): Promise<void>
}

const START_MS = 30_000
const STOP_MS = 5_000

/**
 * Starts the sandbox and waits until it serves. It ends with `close`, and also when this process dies in
 * whatever way: it watches the pipe to its standard input.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const bin = new URL('../../sandbox/bin/fairlead-sandbox.cjs', import.meta.url).pathname
  const child = spawn(process.execPath, [bin, ...argumentsOf(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const complaints: string[] = []
  child.stderr.on('data', (text) => complaints.push(String(text)))
  child.stdin.on('error', () => undefined)
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.stdin.end()
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await ended
    clearTimeout(timer)
  }
  try {
    const signal = AbortSignal.timeout(START_MS)
    const lines = createInterface(child.stdout)
    const line = await Promise.race([
      once(lines, 'line', { signal }).then(([text]) => String(text)),
      once(child, 'exit', { signal }).then(() => undefined),
    ])
    if (line === undefined) throw new Error(`The sandbox ended at once: ${complaints.join('')}`)
    return sandboxOf(JSON.parse(line), stop)
  } catch (error) {
    await stop()
    throw error
  }
}

function argumentsOf(options: SandboxOptions): readonly string[] {
  const { https, rows = 20, state, port = 0, schema, deviceInterval } = options
  return [
    ...['--json', '--exit-with-parent', '--port', String(port), '--rows', String(rows)],
    ...(https ? ['--https'] : []),
    ...(state ? ['--state', state] : []),
    ...(schema ? ['--schema', schema] : []),
    ...(deviceInterval ? ['--device-interval', String(deviceInterval)] : []),
  ]
}

function sandboxOf(description: SandboxDescription, close: () => Promise<void>): Sandbox {
  return {
    description,
    app: (label) => named(description.apps, (app) => app.label === label, label),
    user: (state) => named(description.users, (user) => user.state === state, state),
    admin: async (path, method = 'GET', body) => {
      const answer = await askControl(
        new URL(path, description.adminUrl),
        method,
        body,
        description,
      )
      if (answer.status > 299) {
        throw new Error(`The control API answered ${answer.status}: ${answer.text}`)
      }
      return answer.text === '' ? undefined : JSON.parse(answer.text)
    },
    close,
  }
}

function named<T>(all: readonly T[], is: (each: T) => boolean, name: string): T {
  const found = all.find(is)
  if (!found) throw new Error(`The sandbox has no "${name}"`)
  return found
}

async function askControl(
  url: URL,
  method: string,
  body: unknown,
  { caFile }: SandboxDescription,
): Promise<{ readonly status: number; readonly text: string }> {
  const content = body === undefined ? undefined : JSON.stringify(body)
  const headers = content === undefined ? {} : { 'content-type': 'application/json' }
  return await requestOnce({
    url,
    method,
    headers,
    ...(content === undefined ? {} : { body: content }),
    ...(caFile === null ? {} : { caFile }),
  })
}
