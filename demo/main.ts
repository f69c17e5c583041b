import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { stopOnSignals } from '../src/cli/stop-on-signals.ts'
import { createClient, type HubClient } from '../src/http/client/index.ts'
import { Undo } from '../src/main/undo.ts'
import { configure, type RunningHub, startHub } from '../src/main.ts'
import { createAuthClient, lookUp, signIn, verify } from './connect.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'
import { bold, dim, green, say, step } from './show.ts'

const furtherPorts = 20
const interrupted = 130

// What `npm start` does: a sandbox, a hub beside it, and the main job, all before the user's eyes.
const started = performance.now()
const stop = new AbortController()
stopOnSignals(stop, interrupted)
const opened = new Undo()

const folder = resolve(process.env['FAIRLEAD_DATA_FOLDER'] ?? '.fairlead')
process.env['FAIRLEAD_DATA_FOLDER'] = folder
mkdirSync(folder, { recursive: true, mode: 0o700 })
const before = existsSync(join(folder, 'fairlead.env'))

say(
  bold('Fairlead') +
    dim(before ? ' finds what it made the last time' : ' starts for the first time'),
)
try {
  const sandbox = await step('Started the sandbox: Entra ID and Dataverse on this machine', () =>
    startSandbox(join(folder, 'sandbox')),
  )
  opened.defer(() => sandbox[Symbol.asyncDispose]())
  permit(sandbox)
  const hub = await step('Started the hub on its embedded PostgreSQL', () =>
    startHub(configure(), { signal: stop.signal, quiet: true, orNextPorts: furtherPorts }),
  )
  opened.defer(() => hub[Symbol.asyncDispose]())
  const client = createClient({ url: hub.url, key: await hub.issueOperatorKey() })
  const id = await connect(client, sandbox, hub)
  await verify(client, id)
  say(green(`From start to verified in ${((performance.now() - started) / 1000).toFixed(1)} s`))
  await lookUp(client, id)
  tellWhatNext(hub, sandbox)
  if (!stop.signal.aborted) await once(stop.signal, 'abort')
  say('\nStopping.')
} catch (error) {
  if (!stop.signal.aborted) console.error(error)
  process.exitCode = stop.signal.aborted ? interrupted : 1
} finally {
  await opened.run()
}

// The sandbox is no host of Microsoft's: the operator has to allow its addresses, as any other.
function permit({ authority, organizations }: Sandbox): void {
  const origins = [authority, ...organizations.map(({ url }) => url)]
  const text = `# Written by npm start: the sandbox on this machine.\nFAIRLEAD_ALLOWED_ORIGINS=${origins.join(',')}\n`
  writeFileSync(join(folder, 'fairlead.env'), text, { mode: 0o600 })
}

/** Connects the sandbox's first environment, or finds the Credential of the last time. */
async function connect(client: HubClient, sandbox: Sandbox, hub: RunningHub): Promise<string> {
  const { items } = await client.call('listCredentials', {})
  const known = items.find(
    ({ environmentUrl }) => environmentUrl === new URL(sandbox.orgUrl).origin,
  )
  if (known?.state === 'connected') {
    say(
      `${green('✔')} Found the Credential "${known.name}", connected ${known.createdAt.slice(0, 16)}`,
    )
    return known.id
  }
  const credential = known ?? (await createCredential(client, sandbox, hub))
  await signIn(client, sandbox, credential)
  return credential.id
}

async function createCredential(client: HubClient, sandbox: Sandbox, hub: RunningHub) {
  const authClient = await createAuthClient(client, sandbox, hub.redirectUri)
  const baseUrl = `${sandbox.orgUrl}/api/data/v9.2`
  return await step(`Created the Credential for ${sandbox.orgUrl}`, () =>
    client.call('createCredential', {
      body: { authClientId: authClient.id, name: 'Demo', baseUrl },
    }),
  )
}

function tellWhatNext({ url, setUpLink }: RunningHub, { orgUrl }: Sandbox): void {
  const near = relative(process.cwd(), folder)
  const data = near.startsWith('..') ? folder : near
  const prefix = data === '.fairlead' ? '' : `FAIRLEAD_DATA_FOLDER=${data} `
  say(`
${bold('The hub')}   ${url.origin}
${bold('Sign in')}   ${setUpLink ? `${setUpLink.reveal()} ${dim('(once, to choose a name and a password)')}` : `${url.origin}/login`}
${bold('Try')}       ${prefix}npm run fairlead -- verify Demo
          ${prefix}npm run fairlead -- raw 'contacts?$top=3&$select=fullname' --credential Demo
          ${prefix}npm run fairlead -- explain AADSTS7000215
${dim(`The environment is ${orgUrl}. Ctrl-C stops everything; started again, it is all still there.`)}`)
}
