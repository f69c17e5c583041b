import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const PROGRAM = join(import.meta.dirname, '../../sandbox/src/main.ts')

/** One of the sandbox's registrations; `label` says what it is there to show. */
export interface SandboxApp {
  readonly label: string
  readonly name: string
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string | null
  readonly secretId: string | null
}

/** One of the sandbox's people; `state` says what they are there to show. */
export interface SandboxUser {
  readonly username: string
  readonly password: string
  readonly state: string
  readonly tenantId: string
  readonly objectId: string
}

/** The line that a sandbox prints when it is ready. */
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
  readonly apps: readonly SandboxApp[]
  readonly tenants: readonly { readonly id: string; readonly domains: readonly string[] }[]
  readonly organizations: readonly {
    readonly url: string
    readonly uniqueName: string
    readonly tenantId: string
    readonly hostAliases: readonly string[]
  }[]
}

export interface SandboxOptions {
  /** Accounts of each organization; few, so that it starts fast. */
  readonly rows?: number
  /** Further arguments, such as `--https`. */
  readonly args?: readonly string[]
}

/** A sandbox in a process of its own. */
export interface Sandbox {
  readonly description: SandboxDescription
  /** Calls the control API; answers with its JSON, `undefined` for none. */
  admin(path: string, method?: string, body?: unknown): Promise<unknown>
  app(label: string): SandboxApp
  user(state: string): SandboxUser
  close(): Promise<void>
}

/** Starts a sandbox that ends with this process at the latest. */
export async function startSandbox({
  rows = 60,
  args = [],
}: SandboxOptions = {}): Promise<Sandbox> {
  const options = ['--port', '0', '--json', '--rows', String(rows), '--exit-with-parent', ...args]
  const child = spawn(process.execPath, [PROGRAM, ...options], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const first = once(createInterface({ input: child.stdout }), 'line')
  const line = await Promise.race([first, ended.then(() => undefined)])
  if (line === undefined) throw new Error('The sandbox ended before it was ready.')
  const description: SandboxDescription = JSON.parse(String(line[0]))
  return {
    description,
    admin: (path, method = 'GET', body) => call(description.adminUrl, path, method, body),
    app: (label) =>
      required(
        description.apps.find((app) => app.label === label),
        label,
      ),
    user: (state) =>
      required(
        description.users.find((user) => user.state === state),
        state,
      ),
    close: async () => {
      child.stdin.end()
      await ended
    },
  }
}

async function call(adminUrl: string, path: string, method: string, body: unknown) {
  const response = await fetch(new URL(path, adminUrl), {
    method,
    signal: AbortSignal.timeout(10_000),
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`The sandbox has no "${name}".`)
  return value
}
