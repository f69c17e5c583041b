import type { HubClient } from '../../http/client/index.ts'
import type { Answer } from '../../http/contract/index.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { openBrowser } from '../open-browser.ts'
import { textOption } from '../read-arguments.ts'
import { reportLine } from '../stage-view.ts'
import { show } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import type { Call, Verb } from '../verb.ts'
import { proofOptions } from './auth-client-proof.ts'
import { chooseAuthClient, chooseCredential } from './connect-choices.ts'
import type { Credential } from './describe.ts'
import { type Flow, followFlow } from './follow-flow.ts'
import { exitCodeOf, verifyCredential } from './verify.ts'

const prompts = ['select_account', 'consent', 'login', 'none'] as const

export const connect: Verb = {
  name: 'connect',
  summary: 'Connect a CRM environment: find its tenant, sign in, verify',
  usage:
    '<crm address> [--client-id <id> … | --auth-client <auth client>] [--device-code | --app] [--name <name>]',
  options: {
    'client-id': { type: 'string', value: '<id>', what: 'The app of this Application (client) ID' },
    'auth-client': {
      type: 'string',
      value: '<auth client>',
      what: 'A stored Auth Client, instead',
    },
    ...proofOptions,
    'device-code': { type: 'boolean', what: 'Sign in on another device, with a public client' },
    app: { type: 'boolean', what: 'As application user, without anybody signing in' },
    name: { type: 'string', value: '<name>', what: 'The name of the Credential' },
    prompt: { type: 'string', value: '<prompt>', what: `Ask for ${prompts.join(', ')}` },
    'accept-identity': {
      type: 'boolean',
      what: 'Let another user or organization than before take the Credential over',
    },
    'no-browser': { type: 'boolean', what: 'Only print the address to sign in at' },
  },
  takes: [1, 1],
  async run(call) {
    const { positionals, terminal, signal } = call
    const kind = kindOf(call)
    const prompt = readPrompt(call)
    const client = await call.hub()
    const address = positionals[0] ?? ''
    const found = await client.call('discover', { body: { address } }, { signal })
    tellFound(call, found)
    const grant = kind === 'app' ? 'app' : 'delegated'
    const authClient = await chooseAuthClient(connect, call, client, found)
    const credential = await chooseCredential(call, client, { authClient, found, address, grant })
    const body = {
      kind,
      ...(prompt !== undefined && { prompt }),
      acceptIdentity: call.options['accept-identity'] === true,
    }
    const started = await client.call(
      'startFlow',
      { params: { id: credential.id }, body },
      { signal },
    )
    const flow = await followFlow(client, started, call, async (url) => {
      if (terminal.interactive && call.options['no-browser'] !== true) await openBrowser(url)
    })
    return await finish(call, client, credential, flow)
  },
}

async function finish(
  call: Call,
  client: HubClient,
  { id, name }: Credential,
  flow: Flow,
): Promise<ExitCode> {
  const { terminal, signal } = call
  if (flow.state !== 'succeeded') {
    show(terminal, { flow }, () => `Not connected: ${name} (${id})`)
    return exitCode.notSignedIn
  }
  terminal.note(`Connected: ${name} (${id})`)
  const report = await verifyCredential(client, id, call)
  const credential = await client.call('getCredential', { params: { id } }, { signal })
  show(
    terminal,
    { credential, verification: report },
    () => `${name} (${id}): ${reportLine(terminal.results, report)}`,
  )
  return exitCodeOf(report)
}

function tellFound({ terminal }: Call, found: Answer<'discover'>): void {
  const { environmentUrl, tenantId, authority, notes } = found
  terminal.note(`${environmentUrl} belongs to tenant ${tenantId}, signed in at ${authority}`)
  for (const note of notes) terminal.note(note)
}

function kindOf({ options }: Call): 'app' | 'device' | 'browser' {
  const [app, device] = [options['app'] === true, options['device-code'] === true]
  if (app && device) throw new UsageError(connect, 'Either --app or --device-code.')
  return app ? 'app' : device ? 'device' : 'browser'
}

function readPrompt(call: Call): (typeof prompts)[number] | undefined {
  const given = textOption(call, 'prompt')
  const prompt = prompts.find((each) => each === given)
  if (given === undefined || prompt !== undefined) return prompt
  throw new UsageError(connect, `--prompt is one of ${prompts.join(', ')}.`)
}
