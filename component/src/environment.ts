/** What the platform tells a component by environment variables. */
export interface ComponentEnvironment {
  /** The platform's API, for credentials that are kept as secrets. */
  readonly api?: {
    readonly uri: URL
    readonly user: string
    readonly key: string
    readonly workspaceId: string
  }
  /** Where attachments are put. */
  readonly objects?: { readonly uri: URL; readonly token: string }
  /** Where the flow takes messages from outside, and what a key for them is derived from. */
  readonly webhook?: {
    readonly callbackUrl: string
    readonly flowId: string
    readonly seed: string
  }
  /** Somebody retrieves a sample: a few rows, and a word where there are none. */
  readonly sample: boolean
  /** What a message may hold, as JSON in UTF-8. */
  readonly messageBytes: number
  /** With passthrough a message carries the one that the step was given, in the place of a copy of itself. */
  readonly carriesInput: boolean
  /** By what the platform's own services tell in their logs which step asked. */
  readonly requestId?: string
  /** Further origins that may be called, for environments that are not in Microsoft's cloud. */
  readonly allowedOrigins: readonly string[]
  readonly caFile?: string
  readonly connectTo: Readonly<Record<string, string>>
}

type Variables = Readonly<Record<string, string | undefined>>
type Read = (name: string) => string | undefined

/** Reads the variables. What is missing is missed only where it is needed. */
export function readEnvironment(variables: Variables): ComponentEnvironment {
  const read: Read = (name) => variables[name]?.trim() || undefined
  const caFile = read('FAIRLEAD_CA_FILE')
  return {
    ...readApi(read),
    ...readObjects(read),
    ...readWebhook(read),
    sample: read('ELASTICIO_FLOW_TYPE') === 'debug',
    messageBytes: messageBytes(read),
    carriesInput: isSet(read('ELASTICIO_NO_SELF_PASSTRHOUGH')),
    ...readRequestId(read),
    allowedOrigins: list(read('FAIRLEAD_ALLOWED_ORIGINS')),
    ...(caFile !== undefined && { caFile }),
    connectTo: Object.fromEntries(
      list(read('FAIRLEAD_CONNECT_TO')).map((entry) => {
        const [from = '', to = ''] = entry.split('=')
        return [from.trim(), to.trim()] as const
      }),
    ),
  }
}

function readApi(read: Read): Pick<ComponentEnvironment, 'api'> {
  const uri = url(read('ELASTICIO_API_URI'))
  const [user, key] = [read('ELASTICIO_API_USERNAME'), read('ELASTICIO_API_KEY')]
  const workspaceId = read('ELASTICIO_WORKSPACE_ID')
  const complete = uri && user !== undefined && key !== undefined && workspaceId !== undefined
  return complete ? { api: { uri, user, key, workspaceId } } : {}
}

function readObjects(read: Read): Pick<ComponentEnvironment, 'objects'> {
  const uri = url(read('ELASTICIO_OBJECT_STORAGE_URI'))
  const token = read('ELASTICIO_OBJECT_STORAGE_TOKEN')
  return uri && token !== undefined ? { objects: { uri, token } } : {}
}

// The password is the same for all steps of a workspace and in each of their processes, and never leaves it.
function readWebhook(read: Read): Pick<ComponentEnvironment, 'webhook'> {
  const callbackUrl = read('ELASTICIO_FLOW_WEBHOOK_URI')
  const flowId = read('ELASTICIO_FLOW_ID')
  const seed = read('ELASTICIO_MESSAGE_CRYPTO_PASSWORD')
  const complete = callbackUrl !== undefined && flowId !== undefined && seed !== undefined
  return complete ? { webhook: { callbackUrl, flowId, seed } } : {}
}

const RUNTIMES_OWN_BYTES = 10 * 1024 * 1024
const MOST_STORED_BYTES = 100 * 1024 * 1024
const ENVELOPE_BYTES = 4 * 1024

/**
 * The runtime's limit is on the encrypted message, which protocol 1 writes in base64: four bytes for
 * three. Lightweight messages leave their bodies in the object storage.
 */
function messageBytes(read: Read): number {
  if (isSet(read('ELASTICIO_EMIT_LIGHTWEIGHT_MESSAGE'))) return MOST_STORED_BYTES
  const told = Number(read('ELASTICIO_OUTGOING_MESSAGE_SIZE_LIMIT'))
  const limit = told > 0 ? told : RUNTIMES_OWN_BYTES
  const plain = Number(read('ELASTICIO_PROTOCOL_VERSION')) >= 2
  return Math.floor(plain ? limit : (limit / 4) * 3) - ENVELOPE_BYTES
}

// The platform has no flow and step where it only asks for a form.
function readRequestId(read: Read): Pick<ComponentEnvironment, 'requestId'> {
  const [flow, step] = [read('ELASTICIO_FLOW_ID'), read('ELASTICIO_STEP_ID')]
  return flow !== undefined && step !== undefined ? { requestId: `f:${flow};s:${step};m:` } : {}
}

// As the runtime reads its switches.
function isSet(text: string | undefined): boolean {
  return text !== undefined && text !== 'false'
}

function url(text: string | undefined): URL | undefined {
  return text === undefined ? undefined : (URL.parse(text) ?? undefined)
}

function list(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').flatMap((entry) => entry.trim() || [])
}
