import { createRig, type Reply, type Rig } from './rig.ts'

/** What a test registers: an endpoint and one step on it. */
export interface Registration {
  readonly url: string
  readonly message?: 'Create' | 'Update' | 'Delete'
  readonly table?: string
  readonly endpoint?: Readonly<Record<string, unknown>>
  readonly step?: Readonly<Record<string, unknown>>
}

/** An organization whose rows announce themselves to a receiver. */
export async function withStep(registration: Registration, timeoutMs?: number) {
  const rig = createRig({ accounts: 2, contacts: 2 }, undefined, undefined, undefined, {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  })
  const reply = await register(rig, registration)
  const step = /\(([^)]+)\)$/.exec(String(reply.headers['odata-entityid']))?.[1] ?? ''
  return { rig, step, reply }
}

/** Registers through the API, as the documents' tools do. */
export async function register(
  rig: Rig,
  { url, message = 'Create', table = 'account', endpoint = {}, step = {} }: Registration,
): Promise<Reply> {
  const made = await rig.call('serviceendpoints', {
    method: 'POST',
    body: { name: 'hook', url, contract: 8, authtype: 4, authvalue: 'secret', ...endpoint },
  })
  if (made.status !== 204) return made
  const endpointId = /\(([^)]+)\)$/.exec(String(made.headers['odata-entityid']))?.[1]
  const filters = await rig.call(
    `sdkmessagefilters?$select=_sdkmessageid_value&$filter=sdkmessageid/name eq '${message}' and primaryobjecttypecode eq '${table}'`,
  )
  const [filter] = filters.json.value
  return rig.call('sdkmessageprocessingsteps', {
    method: 'POST',
    body: {
      name: `${message} of ${table}`,
      mode: 1,
      stage: 40,
      rank: 1,
      supporteddeployment: 0,
      asyncautodelete: false,
      'sdkmessageid@odata.bind': `/sdkmessages(${filter._sdkmessageid_value})`,
      'sdkmessagefilterid@odata.bind': `/sdkmessagefilters(${filter.sdkmessagefilterid})`,
      'eventhandler_serviceendpoint@odata.bind': `/serviceendpoints(${endpointId})`,
      ...step,
    },
  })
}

/** Waits until nothing is under way. */
export async function settled(rig: Rig): Promise<void> {
  while (rig.organization.control.deliveries().pending > 0) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
