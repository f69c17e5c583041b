import { findEntry } from '../../src/connector/index.ts'
import { createClient } from '../../src/http/client/index.ts'
import { Secret } from '../../src/kernel/index.ts'
import { Undo } from '../../src/main/undo.ts'
import { testDatabase } from '../../test/support/database.ts'
import { bodiesOf, runContext } from '../../test/support/run-context.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { compare, type Manner, type Speed } from '../measure.ts'
import type { Part } from '../part.ts'
import { startBeside } from '../program.ts'
import { endpoints, type Library, registration, secret, withLibrary } from './library.ts'
import { printSpeeds } from './print-speeds.ts'

/** What is run by the library alone, and through a hub. */
const tasks = [
  {
    title: 'Make Raw Request (WhoAmI)',
    action: 'makeRawRequest',
    config: {},
    input: { method: 'GET', url: 'WhoAmI' },
  },
  {
    title: 'Lookup Objects (one page of 100 accounts)',
    action: 'lookupObjects',
    config: { objectType: 'account', emitBehavior: 'emitPage', pageSize: 100 },
    input: {},
  },
] as const

/** An action through a hub, beside the same action as a call of the library. */
export const actions: Part = {
  name: 'actions',
  run: ({ rounds, ms }) =>
    withLibrary(async (origin, library) => {
      for (const atOnce of [1, 16]) {
        const compared = await compareActions(origin, library, { rounds, ms, atOnce })
        for (const { title, speeds } of compared) printSpeeds(`${title}, ${atOnce} at once`, speeds)
      }
    }),
}

interface ActionSpeeds {
  readonly title: string
  readonly speeds: readonly Speed[]
}

/** Compares actions over HTTP on a hub in a process of its own with the same actions as library calls. */
async function compareActions(
  origin: string,
  { client }: Library,
  manner: Manner,
): Promise<readonly ActionSpeeds[]> {
  const undo = new Undo()
  try {
    return await compareOn(undo, { origin, client, manner })
  } finally {
    await undo.run()
  }
}

async function compareOn(
  undo: Undo,
  {
    origin,
    client,
    manner,
  }: { readonly origin: string; readonly client: Library['client']; readonly manner: Manner },
): Promise<readonly ActionSpeeds[]> {
  const folder = await temporaryFolder()
  undo.defer(() => folder[Symbol.asyncDispose]())
  const database = await testDatabase()
  undo.defer(() => database.drop())
  const beside = await startBeside('hub/hub-process.ts', {
    FAIRLEAD_PORT: '0',
    FAIRLEAD_DATA_FOLDER: folder.path,
    FAIRLEAD_ALLOWED_ORIGINS: origin,
    DATABASE_URL: database.databaseUrl.reveal(),
  })
  undo.defer(() => beside[Symbol.asyncDispose]())
  const { url, key }: { readonly url: string; readonly key: string } = JSON.parse(beside.line)
  const id = await connect(url, key, origin)
  const measured: ActionSpeeds[] = []
  for (const { title, action: name, config, input } of tasks) {
    const action = findEntry(name)
    if (!action) throw new Error(`There is no action ${name}.`)
    const post = {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ config, input }),
    }
    const address = `${url}/api/v1/credentials/${id}/actions/${name}`
    const overHttp = async () => {
      const answer = await fetch(address, post)
      const text = await answer.text()
      if (!answer.ok) throw new Error(text)
      return JSON.parse(text)
    }
    const inProcess = () => bodiesOf(action.run(runContext(client, config, input)))
    const speeds = await compare(
      [
        { name: 'library call', call: inProcess },
        { name: 'POST to a hub', call: overHttp },
      ],
      manner,
    )
    measured.push({ title, speeds })
  }
  return measured
}

async function connect(url: string, key: string, origin: string): Promise<string> {
  const hub = createClient({ url: new URL(url), key: new Secret(key) })
  const { authClient } = await hub.call('createAuthClient', {
    body: { ...registration, clientSecret: secret, ...endpoints(origin) },
  })
  const { id } = await hub.call('createCredential', {
    body: { authClientId: authClient.id, name: 'Bench', baseUrl: origin, grant: 'app' },
  })
  const flow = await hub.call('startFlow', { params: { id }, body: { kind: 'app' } })
  if (flow.state === 'succeeded') return id
  throw new Error(flow.failure?.what ?? 'The hub did not connect.')
}
