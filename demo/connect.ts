import { stageLines } from '../src/cli/stage-view.ts'
import { table } from '../src/cli/table.ts'
import { labelled } from '../src/cli/view.ts'
import type { HubClient } from '../src/http/client/index.ts'
import type { Answer } from '../src/http/contract/index.ts'
import { Person } from '../test/support/person.ts'
import { administratorOf, type Sandbox } from './sandbox.ts'
import { dim, green, say, step, view, yellow } from './show.ts'

type AuthClient = Answer<'getAuthClient'>
export type Credential = Answer<'getCredential'>

const appName = 'Fairlead demo'

/** Makes what the guide asks for, in the guide's own form, and mends what Microsoft would refuse. */
export async function createAuthClient(
  hub: HubClient,
  sandbox: Sandbox,
  redirectUri: string,
): Promise<AuthClient> {
  const app = await step(
    `Registered a single-tenant app in Entra ID, redirect ${redirectUri}`,
    () => sandbox.register(appName, redirectUri),
  )
  const resource = encodeURIComponent(`${sandbox.orgUrl}/`)
  const endpoints = {
    authorizationEndpoint: `${sandbox.authority}/common/oauth2/authorize?resource=${resource}`,
    tokenEndpoint: `${sandbox.authority}/common/oauth2/token`,
  }
  const { authClient } = await step(
    'Created the Auth Client, with the endpoints of the guide',
    () =>
      hub.call('createAuthClient', {
        body: { name: appName, ...app, ...endpoints, secretExpiresAt: inTwoYears() },
      }),
  )
  say(dim(`    ${endpoints.authorizationEndpoint}`))
  say(dim(`    ${endpoints.tokenEndpoint}`))
  const { advice } = await hub.call('reviewAuthClient', {
    body: { clientId: app.clientId, ...endpoints, address: sandbox.orgUrl },
  })
  const foreseen = advice.find(({ code }) => code === 'AADSTS50194')
  if (!foreseen?.change) throw new Error('The contradiction of the guide was not foreseen.')
  say(`${yellow('!')} Foreseen: ${foreseen.code}. ${foreseen.what}`)
  for (const line of labelled('    why     ', foreseen.why, view)) say(line)
  for (const line of labelled('    remedy  ', foreseen.remedy, view)) say(line)
  const { change } = foreseen
  const mended = await step('Applied the offered change to both endpoints', () =>
    hub.call('editAuthClient', {
      params: { id: authClient.id },
      body: { ...change, version: authClient.version },
    }),
  )
  say(dim(`    ${mended.authorizationEndpoint ?? ''}`))
  say(dim(`    ${mended.tokenEndpoint}`))
  return mended
}

/** Signs in as a person does: the hub's link, the sign-in page, the consent page, the callback. */
export async function signIn(
  hub: HubClient,
  sandbox: Sandbox,
  credential: Credential,
): Promise<void> {
  const user = administratorOf(sandbox)
  const flow = await hub.call('startFlow', { params: { id: credential.id } })
  await step(`Signed in and consented as ${user.username}`, async () => {
    const person = new Person(user)
    const ending = await person.visit(flow.url ?? '')
    if (ending.kind !== 'callback') throw new Error(`Sign-in ended on a page:\n${ending.text}`)
    await person.open(ending.url)
    const { state, failure } = await hub.call('getFlow', { params: { id: flow.id } })
    if (state !== 'succeeded') throw new Error(failure?.what ?? 'The sign-in did not succeed.')
  })
}

/** Verifies, stage by stage. */
export async function verify(hub: HubClient, id: string): Promise<void> {
  say(green('Verifying'))
  for await (const line of hub.stream('verify', { params: { id } })) {
    if (line.kind === 'report') {
      if (!line.report.verified) throw new Error('The Credential could not be verified.')
      say(`${green('✔')} Verified ${dim(`${Math.round(line.report.ms)} ms`)}`)
    } else {
      for (const text of stageLines(view, line.stage)) say(`  ${text}`)
    }
  }
}

/** Runs Lookup Objects and shows the rows. */
export async function lookUp(hub: HubClient, id: string): Promise<void> {
  const { outputs } = await step(
    'Ran Lookup Objects: active accounts whose name begins with B',
    () =>
      hub.call('runAction', {
        params: { id, name: 'lookupObjects' },
        body: {
          config: {
            objectType: 'account',
            emitBehavior: 'emitPage',
            expertMode: true,
            selectFields: 'name,accountnumber,address1_city,revenue',
          },
          input: { filterExpression: "startswith(name,'B') and statecode eq 0" },
        },
      }),
  )
  const rows = outputs.flatMap(({ body }) => readRows(body))
  const columns = ['accountnumber', 'name', 'address1_city', 'revenue'] as const
  const shown = rows.slice(0, 8).map((row) => columns.map((column) => String(row[column] ?? '')))
  say(table([...columns], shown))
  if (rows.length > shown.length) say(dim(`… and ${rows.length - shown.length} more`))
}

function readRows(body: unknown): readonly Readonly<Record<string, unknown>>[] {
  const page = body as { readonly results?: readonly Readonly<Record<string, unknown>>[] }
  return page.results ?? []
}

function inTwoYears(): string {
  const date = new Date()
  date.setUTCFullYear(date.getUTCFullYear() + 2)
  return date.toISOString()
}
