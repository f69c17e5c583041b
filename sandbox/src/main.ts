import { readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { parseArgs } from 'node:util'
import type { SandboxOptions } from './sandbox.ts'

const USAGE = `fairlead-sandbox: a local stand-in for Microsoft Entra ID and the Dataverse Web API

  --port <n>            first of the ports (default 0: any free ones)
  --host <address>      address to listen on (default 127.0.0.1)
  --https               serve https with a test CA of its own
  --rows <n>            accounts of each organization, contacts twice as many (default 5000)
  --schema <file>       the $metadata of an organization to have the tables of (XML, or gzip of it)
  --state <folder>      keep keys, registrations and grants there
  --seed <text>         another seed gives other ids and secrets
  --device-interval <s> seconds between the polls of a device (default 5)
  --faults <file>       JSON list of faults to begin with
  --limits <file>       JSON with service protection limits and server times of every organization
  --switches <file>     JSON with switches of every organization, such as {"idOrder":"text"}
  --webhook-hosts <list> other hosts that webhooks may go to, a comma between them
  --json                print the one line only
  --exit-with-parent    stop when standard input ends
`

const OPTIONS = {
  port: { type: 'string', default: '0' },
  host: { type: 'string', default: '127.0.0.1' },
  https: { type: 'boolean', default: false },
  rows: { type: 'string' },
  schema: { type: 'string' },
  state: { type: 'string' },
  seed: { type: 'string' },
  faults: { type: 'string' },
  limits: { type: 'string' },
  switches: { type: 'string' },
  'webhook-hosts': { type: 'string' },
  'device-interval': { type: 'string', default: '5' },
  json: { type: 'boolean', default: false },
  'exit-with-parent': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS })
  if (values.help) {
    process.stdout.write(USAGE)
    return
  }
  const options: SandboxOptions = {
    host: values.host,
    port: readNumber('--port', values.port, 65_535),
    https: values.https,
    deviceInterval: readNumber('--device-interval', values['device-interval'], 60),
    ...readRows(values.rows),
    ...(values.schema === undefined ? {} : { schema: readFileSync(values.schema) }),
    ...(values.state === undefined ? {} : { state: values.state }),
    ...(values.seed === undefined ? {} : { seed: values.seed }),
    ...(values.faults === undefined ? {} : { faults: readFaults(values.faults) }),
    ...(values['webhook-hosts'] === undefined
      ? {}
      : { webhookHosts: values['webhook-hosts'].split(',').map((host) => host.trim()) }),
    ...(values.limits === undefined ? {} : { limits: readJson(values.limits) }),
    ...(values.switches === undefined ? {} : { switches: readJson(values.switches) }),
  }
  // Reading all sources anew takes most of the start; the cache has to be on before they load.
  enableCompileCache()
  const { startSandbox } = await import('./sandbox.ts')
  const sandbox = await startSandbox(options)
  process.stdout.write(`${JSON.stringify(sandbox.line)}\n`)
  if (!values.json) {
    process.stderr.write(
      `The sandbox is ready. Its control API is at ${sandbox.line.adminUrl}; Ctrl-C stops it.\n`,
    )
  }
  await stopped(values['exit-with-parent'])
  await sandbox.close()
}

/** Resolves at SIGINT or SIGTERM, or, if wanted, when standard input ends. */
function stopped(withParent: boolean): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
    if (!withParent) return
    process.stdin.once('end', () => resolve())
    process.stdin.once('error', () => resolve())
    process.stdin.resume()
  })
}

function readNumber(name: string, text: string, most: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value > most) {
    throw new Error(`${name} must be a whole number from 0 to ${most}, not '${text}'.`)
  }
  return value
}

function readRows(text: string | undefined): Pick<SandboxOptions, 'rows'> {
  if (text === undefined) return {}
  const accounts = readNumber('--rows', text, 1_000_000)
  return { rows: { accounts, contacts: accounts * 2 } }
}

function readJson(path: string): unknown {
  const text = readFileSync(path, 'utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${path} is not JSON.`, { cause: error })
  }
}

function readFaults(path: string): readonly unknown[] {
  const value = readJson(path)
  if (!Array.isArray(value)) throw new Error(`${path} must hold a JSON list of faults.`)
  return value
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(
      `fairlead-sandbox: ${error instanceof Error ? error.message : String(error)}\n`,
    )
    process.exit(1)
  },
)
