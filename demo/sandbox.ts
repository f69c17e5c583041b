import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const program = join(import.meta.dirname, '../sandbox/src/main.ts')

/** What the demo uses of the line that a sandbox prints when it is ready. */
interface Line {
  readonly orgUrl: string
  readonly authority: string
  readonly tenantId: string
  readonly adminUrl: string
  readonly users: readonly {
    readonly username: string
    readonly password: string
    readonly state: string
    readonly tenantId: string
  }[]
  readonly organizations: readonly { readonly url: string }[]
}

/** An app that was registered in the sandbox's Entra ID. */
interface RegisteredApp {
  readonly clientId: string
  readonly clientSecret: string
}

/** A sandbox that keeps its state and its ports in a folder. */
export interface Sandbox extends Line, AsyncDisposable {
  /** Registers an app as the guide says: single tenant, platform Web, Dynamics CRM permission. */
  register(name: string, redirectUri: string): Promise<RegisteredApp>
}

/** The person who may do everything there. */
export function administratorOf({ users, tenantId }: Sandbox): Line['users'][number] {
  const found = users.find((user) => user.state === 'admin' && user.tenantId === tenantId)
  if (!found) throw new Error('The sandbox has no administrator.')
  return found
}

/** Starts the sandbox on a folder, or on the next one while another `npm start` uses it. */
export async function startSandbox(wanted: string): Promise<Sandbox> {
  const folder = takeFolder(wanted)
  const child = spawn(
    process.execPath,
    // Port 0: started again, it takes the ports of the last time, which the Credentials are for.
    [program, '--json', '--exit-with-parent', '--state', folder, '--port', '0'],
    // Ctrl-C reaches the whole group: the sandbox is to end after the hub, by its input.
    { stdio: ['pipe', 'pipe', 'inherit'], detached: true },
  )
  const ended = once(child, 'exit')
  const first = once(createInterface({ input: child.stdout }), 'line')
  const printed = await Promise.race([first, ended.then(() => undefined)])
  if (printed === undefined) throw new Error('The sandbox ended before it was ready.')
  const line: Line = JSON.parse(String(printed[0]))
  return {
    ...line,
    register: (name, redirectUri) => register(line, name, redirectUri),
    [Symbol.asyncDispose]: async () => {
      child.stdin.end()
      await ended
      rmSync(join(folder, 'used-by'), { force: true })
    },
  }
}

const mostFolders = 20

function takeFolder(wanted: string): string {
  for (let count = 1; count <= mostFolders; count += 1) {
    const folder = count === 1 ? wanted : `${wanted}-${count}`
    const owner = join(folder, 'used-by')
    if (isAlive(readPid(owner))) continue
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(owner, String(process.pid))
    return folder
  }
  throw new Error(`npm start runs ${mostFolders} times already.`)
}

function readPid(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function register(line: Line, name: string, redirectUri: string): Promise<RegisteredApp> {
  const response = await fetch(new URL('/apps', line.adminUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      name,
      tenant: line.tenantId,
      audience: 'single',
      redirectUris: { web: [redirectUri] },
    }),
    signal: AbortSignal.timeout(10_000),
  })
  if (!response.ok) throw new Error(`The sandbox refused the app: ${await response.text()}`)
  const { clientId, secrets } = (await response.json()) as {
    readonly clientId: string
    readonly secrets: readonly { readonly value: string }[]
  }
  return { clientId, clientSecret: secrets[0]?.value ?? '' }
}
