import { once } from 'node:events'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { printFailure } from '../src/cli/failure.ts'
import { processTerminal } from '../src/cli/process-terminal.ts'
import { stopOnSignals } from '../src/cli/stop-on-signals.ts'
import { createClient, type HubClient } from '../src/http/client/index.ts'
import { ConfigurationError } from '../src/main/configuration.ts'
import { Undo } from '../src/main/undo.ts'
import { configure, type RunningHub, startHub } from '../src/main.ts'
import { type Credential, createAuthClient, lookUp, signIn, verify } from './connect.ts'
import { administratorOf, type Sandbox, startSandbox } from './sandbox.ts'
import { bold, dim, green, say, step } from './show.ts'

const furtherPorts = 20
const interrupted = 130
const mostOrigins = 50

// What `npm start` does: a sandbox, a hub beside it, and the main job, all before the user's eyes.
const started = performance.now()
const stop = new AbortController()
stopOnSignals(stop, interrupted)
const opened = new Undo()

const folder = resolve(process.env['FAIRLEAD_DATA_FOLDER'] ?? '.fairlead')
process.env['FAIRLEAD_DATA_FOLDER'] = folder
const before = existsSync(join(folder, 'fairlead.env'))

say(
  bold('Fairlead') +
    dim(before ? ' finds what it made the last time' : ' starts for the first time'),
)
try {
  prepareFolder(folder)
  const sandbox = await step('Started the sandbox: Entra ID and Dataverse on this machine', () =>
    startSandbox(join(folder, 'sandbox')),
  )
  opened.defer(() => sandbox[Symbol.asyncDispose]())
  permit(sandbox)
  const configuration = configure()
  const database = configuration.databaseUrl
    ? 'the PostgreSQL of DATABASE_URL'
    : 'its embedded PostgreSQL'
  const hub = await step(`Started the hub on ${database}`, () =>
    startHub(configuration, { signal: stop.signal, quiet: true, orNextPorts: furtherPorts }),
  )
  opened.defer(() => hub[Symbol.asyncDispose]())
  const client = createClient({ url: hub.url, key: await hub.issueOperatorKey() })
  const { id, name } = await connect(client, sandbox, hub)
  await verify(client, id)
  say(green(`From start to verified in ${((performance.now() - started) / 1000).toFixed(1)} s`))
  await lookUp(client, id)
  tellWhatNext(hub, sandbox, name)
  if (!stop.signal.aborted) await once(stop.signal, 'abort')
  say('\nStopping.')
} catch (error) {
  if (!stop.signal.aborted)
    printFailure(
      processTerminal(false, () => stop.abort()),
      error,
    )
  process.exitCode = stop.signal.aborted ? interrupted : 1
} finally {
  await opened.run()
}

// The first thing that can fail: told as the store would tell it.
function prepareFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    accessSync(path, constants.W_OK)
  } catch (error) {
    throw new ConfigurationError(
      'FAIRLEAD_DATA_FOLDER',
      `The folder ${path} cannot be written to.`,
      'Give it to the user that runs Fairlead, or name another folder.',
      error,
    )
  }
}

// The sandbox is no host of Microsoft's: the operator has to allow its addresses, as any other. Another
// npm start on this folder may need those that stand there already.
function permit({ authority, organizations }: Sandbox): void {
  const file = join(folder, 'fairlead.env')
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const earlier = /^FAIRLEAD_ALLOWED_ORIGINS=(.+)$/m.exec(text)?.[1]?.split(',') ?? []
  const own = [authority, ...organizations.map(({ url }) => url)]
  const origins = [...new Set([...earlier, ...own])].slice(-mostOrigins)
  writeFileSync(
    file,
    `# Written by npm start: sandboxes on this machine.\nFAIRLEAD_ALLOWED_ORIGINS=${origins.join(',')}\n`,
    { mode: 0o600 },
  )
}

/** Connects the sandbox's first environment, or finds the Credential of the last time. */
async function connect(client: HubClient, sandbox: Sandbox, hub: RunningHub): Promise<Credential> {
  const { items } = await client.call('listCredentials', {})
  const known = items.find(
    ({ environmentUrl }) => environmentUrl === new URL(sandbox.orgUrl).origin,
  )
  if (known?.state === 'connected') {
    say(
      `${green('✔')} Found the Credential "${known.name}", made ${known.createdAt.slice(0, 16).replace('T', ' ')} UTC`,
    )
    return known
  }
  const credential = known ?? (await createCredential(client, sandbox, hub, items))
  await signIn(client, sandbox, credential)
  return credential
}

async function createCredential(
  client: HubClient,
  sandbox: Sandbox,
  hub: RunningHub,
  others: readonly Credential[],
) {
  const authClient = await createAuthClient(client, sandbox, hub.redirectUri)
  const baseUrl = `${sandbox.orgUrl}/api/data/v9.2`
  // Two at once have two environments; what is printed to try next has to mean one of them.
  const taken = others.filter((other) => /^Demo\b/.test(other.name)).length
  const name = taken === 0 ? 'Demo' : `Demo-${taken + 1}`
  return await step(`Created the Credential for ${sandbox.orgUrl}`, () =>
    client.call('createCredential', {
      body: { authClientId: authClient.id, name, baseUrl },
    }),
  )
}

function tellWhatNext({ url, setUpLink }: RunningHub, sandbox: Sandbox, name: string): void {
  const { orgUrl } = sandbox
  const { username, password } = administratorOf(sandbox)
  const near = relative(process.cwd(), folder)
  const data = near.startsWith('..') ? folder : near
  const prefix = data === '.fairlead' ? '' : `FAIRLEAD_DATA_FOLDER=${data} `
  say(`
${bold('The hub')}   ${url.origin}
${bold('Sign in')}   ${setUpLink ? `${setUpLink.reveal()} ${dim('(once, to choose a name and a password)')}` : `${url.origin}/login`}
${bold('Try')}       ${prefix}npm run fairlead -- verify ${name}
          ${prefix}npm run fairlead -- raw 'contacts?$top=3&$select=fullname' --credential ${name}
          ${prefix}npm run fairlead -- explain AADSTS7000215
${bold('Person')}    ${username}, password ${password} ${dim('(at the sandbox, for Authenticate)')}
${dim(`The environment is ${orgUrl}. Ctrl-C stops everything; started again, it is all still there.`)}`)
}
