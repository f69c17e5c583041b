import { type OriginServer, openOriginServer } from './listen/origin-server.ts'
import { openTestAuthority, type TestAuthority } from './listen/test-authority.ts'
import { ORGANIZATION_PLANS } from './organizations.ts'
import { createStateFile } from './state-file.ts'

/** All listeners of one sandbox. */
export interface Origins {
  readonly entra: OriginServer
  readonly admin: OriginServer
  /** In the order of the plans. */
  readonly organizations: readonly OriginServer[]
  readonly caFile: string | null
  close(): Promise<void>
}

interface OriginsOptions {
  readonly host?: string
  readonly port?: number
  readonly https?: boolean
  readonly state?: string
}

const SMALL = 1_048_576
const LARGE = 160 * SMALL

/** Opens the listeners; with a folder, the ports of the last time are tried first. */
export async function openOrigins(options: OriginsOptions, now: () => number): Promise<Origins> {
  const { host = '127.0.0.1', port = 0 } = options
  const file = createStateFile<{ ports: number[] }>(options.state, 'ports.json')
  const before = port === 0 ? (file.read()?.ports ?? []) : []
  const authority = options.https ? await openTestAuthority(options.state) : undefined
  const opened: OriginServer[] = []
  const close = async () => {
    await Promise.all(opened.map((server) => server.close()))
    authority?.remove()
  }
  const open = async (maxBody: number): Promise<OriginServer> => {
    const index = opened.length
    const last = opened.at(-1)?.port ?? port - 1
    const first = port === 0 ? (before[index] ?? 0) : last + 1
    const server = await openOriginServer({ host, port: first, maxBody, now, ...tls(authority) })
    opened.push(server)
    return server
  }
  try {
    const entra = await open(SMALL)
    // The control API takes whole $metadata documents.
    const admin = await open(LARGE)
    const organizations: OriginServer[] = []
    for (const _ of ORGANIZATION_PLANS) organizations.push(await open(LARGE))
    await file.write({ ports: opened.map((server) => server.port) })
    return { entra, admin, organizations, caFile: authority?.caFile ?? null, close }
  } catch (error) {
    await close()
    throw error
  }
}

function tls(authority: TestAuthority | undefined) {
  if (!authority) return {}
  return { tls: { key: authority.key, certificate: authority.certificate } }
}
