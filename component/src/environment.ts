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
  /** Somebody retrieves a sample: a few rows, and a word where there are none. */
  readonly sample: boolean
  /** Further origins that may be called, for environments that are not in Microsoft's cloud. */
  readonly allowedOrigins: readonly string[]
  readonly caFile?: string
  readonly connectTo: Readonly<Record<string, string>>
}

type Variables = Readonly<Record<string, string | undefined>>

/** Reads the variables. What is missing is missed only where it is needed. */
export function readEnvironment(variables: Variables): ComponentEnvironment {
  const read = (name: string) => variables[name]?.trim() || undefined
  const api = url(read('ELASTICIO_API_URI'))
  const [user, key] = [read('ELASTICIO_API_USERNAME'), read('ELASTICIO_API_KEY')]
  const workspaceId = read('ELASTICIO_WORKSPACE_ID')
  const objects = url(read('ELASTICIO_OBJECT_STORAGE_URI'))
  const token = read('ELASTICIO_OBJECT_STORAGE_TOKEN')
  const caFile = read('FAIRLEAD_CA_FILE')
  const complete = api !== undefined && user !== undefined && key !== undefined
  return {
    ...(complete && workspaceId !== undefined && { api: { uri: api, user, key, workspaceId } }),
    ...(objects !== undefined && token !== undefined && { objects: { uri: objects, token } }),
    sample: read('ELASTICIO_FLOW_TYPE') === 'debug',
    allowedOrigins: list(read('FAIRLEAD_ALLOWED_ORIGINS')),
    ...(caFile !== undefined && { caFile }),
    connectTo: Object.fromEntries(
      list(read('FAIRLEAD_CONNECT_TO')).map((entry) => {
        const at = entry.indexOf('=')
        return [entry.slice(0, at).trim(), entry.slice(at + 1).trim()] as const
      }),
    ),
  }
}

function url(text: string | undefined): URL | undefined {
  return text === undefined ? undefined : (URL.parse(text) ?? undefined)
}

function list(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').flatMap((entry) => entry.trim() || [])
}
