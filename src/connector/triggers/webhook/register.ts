import type { DataverseClient } from '../../../dataverse/index.ts'
import { isObject, type Json, type JsonObject } from '../../../kernel/index.ts'
import { ConnectorError } from '../../connector-error.ts'

/** What a webhook is to be registered for. */
export interface Wanted {
  readonly table: string
  readonly events: readonly string[]
  /** Of updates: only those of these columns count. */
  readonly columns: readonly string[]
  readonly callbackUrl: string
  readonly key: string
  readonly signal?: AbortSignal
}

// https://learn.microsoft.com/power-apps/developer/data-platform/register-web-hook
const WEBHOOK = 8
const WEBHOOK_KEY = 4
const JSON_FORMAT = 2
const ASYNCHRONOUS = 1
const AFTER = 40
// By this an endpoint of ours is told from one that somebody made by hand.
const OURS = 'Fairlead: '

/** Registers an endpoint with a step for every event; what fails in the middle leaves nothing. */
export async function register(dataverse: DataverseClient, wanted: Wanted): Promise<Json> {
  const { table, callbackUrl: url, key, events } = wanted
  const call = callsOf(dataverse, wanted.signal)
  const name = `${OURS}${table} to ${new URL(url).host}`
  const endpoint = await call.create('serviceendpoints', 'serviceendpointid', {
    ...{ name, url, contract: WEBHOOK, authtype: WEBHOOK_KEY, authvalue: key },
    messageformat: JSON_FORMAT,
  })
  const steps: string[] = []
  try {
    for (const event of events) steps.push(await createStep(call, wanted, event, endpoint, name))
  } catch (error) {
    await unregister(dataverse, { endpoint, steps })
    throw error
  }
  return { v: 1, endpoint, steps }
}

/** Finds our endpoints for an address, with their steps, whoever registered them and however far it came. */
export async function findRegistered(
  dataverse: DataverseClient,
  asked: { readonly callbackUrl: string; readonly except?: unknown; readonly signal?: AbortSignal },
): Promise<readonly Json[]> {
  const { callbackUrl, except, signal } = asked
  const call = callsOf(dataverse, signal)
  const known = isObject(except) ? except['endpoint'] : undefined
  const ours = `contract eq ${WEBHOOK} and startswith(name,'${OURS}')`
  const endpoints = await call.list('serviceendpoints', ['serviceendpointid', 'url'], ours)
  const ids = endpoints
    .filter(({ url }) => url === callbackUrl)
    .map((row) => String(row['serviceendpointid']))
    .filter((id) => id !== known)
  return Promise.all(
    ids.map(async (endpoint) => {
      const id = 'sdkmessageprocessingstepid'
      const ofEndpoint = `_eventhandler_value eq ${endpoint}`
      const steps = await call.list('sdkmessageprocessingsteps', [id], ofEndpoint)
      return { v: 1, endpoint, steps: steps.map((row) => String(row[id])) }
    }),
  )
}

/** Takes away what was registered; what is gone already does not matter. */
export async function unregister(
  dataverse: DataverseClient,
  registered: unknown,
  signal?: AbortSignal,
): Promise<void> {
  if (!isObject(registered)) return
  const { endpoint, steps } = registered
  const call = callsOf(dataverse, signal)
  for (const step of Array.isArray(steps) ? steps : []) {
    await call.remove('sdkmessageprocessingsteps', step)
  }
  await call.remove('serviceendpoints', endpoint)
}

type Calls = ReturnType<typeof callsOf>

async function createStep(
  call: Calls,
  { table, columns }: Wanted,
  event: string,
  endpoint: string,
  name: string,
): Promise<string> {
  const message = await call.find('sdkmessages', 'sdkmessageid', `name eq '${event}'`)
  const ofTable = `primaryobjecttypecode eq '${table}' and sdkmessageid/name eq '${event}'`
  const filter = await call.find('sdkmessagefilters', 'sdkmessagefilterid', ofTable)
  if (message === undefined || filter === undefined) throw noMessage(table, event)
  const filtered = event === 'Update' && columns.length > 0
  return call.create('sdkmessageprocessingsteps', 'sdkmessageprocessingstepid', {
    name: `${name} (${event})`,
    mode: ASYNCHRONOUS,
    stage: AFTER,
    rank: 1,
    supporteddeployment: 0,
    asyncautodelete: true,
    ...(filtered ? { filteringattributes: columns.join(',') } : {}),
    'sdkmessageid@odata.bind': `/sdkmessages(${message})`,
    'sdkmessagefilterid@odata.bind': `/sdkmessagefilters(${filter})`,
    'eventhandler_serviceendpoint@odata.bind': `/serviceendpoints(${endpoint})`,
  })
}

function callsOf(dataverse: DataverseClient, signal: AbortSignal | undefined) {
  const options = signal === undefined ? {} : { signal }
  const list = async (set: string, columns: readonly string[], filter: string) => {
    const path = `${set}?$select=${columns.join(',')}&$filter=${encodeURIComponent(filter)}`
    const { body } = await dataverse.raw({ method: 'GET', path, ...options })
    const rows = isObject(body) ? body['value'] : undefined
    return Array.isArray(rows) ? rows.filter(isObject) : []
  }
  return {
    create: async (set: string, idColumn: string, body: JsonObject): Promise<string> => {
      const headers = { prefer: 'return=representation' }
      const path = `${set}?$select=${idColumn}`
      const { body: row } = await dataverse.raw({ method: 'POST', path, headers, body, ...options })
      return isObject(row) ? String(row[idColumn]) : ''
    },
    list,
    find: async (set: string, idColumn: string, filter: string): Promise<string | undefined> => {
      const [row] = await list(set, [idColumn], filter)
      return row && String(row[idColumn])
    },
    remove: async (set: string, id: unknown): Promise<void> => {
      if (typeof id !== 'string' || !/^[0-9a-f-]{36}$/i.test(id)) return
      await dataverse.raw({ method: 'DELETE', path: `${set}(${id})`, allow: [404], ...options })
    },
  }
}

function noMessage(table: string, event: string): ConnectorError {
  return new ConnectorError('invalid_field', {
    what: `Dataverse sends no message when a row of ${table} meets the event ${event}.`,
    why: 'The table has no such message for which a step can be registered.',
    remedy: 'Choose other events, or use Get Changes with Deletions.',
    facts: { field: 'objectType', table, event },
  })
}
