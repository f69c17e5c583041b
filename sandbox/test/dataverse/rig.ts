import type { SandboxClock } from '../../src/clock.ts'
import {
  createOrganization,
  type Member,
  type Organization,
  type OrganizationOptions,
} from '../../src/dataverse/index.ts'
import type { Answer } from '../../src/exchange.ts'
import type { AccessTokenClaims, OrganizationIdentity, TokenInspector } from '../../src/identity.ts'

const ORIGIN = 'https://org1.crm4.dynamics.com'
export const API = `${ORIGIN}/api/data/v9.2`
const TENANT = '3f1b8a52-0c6f-4d0e-9a3e-5b7c2f10a001'
const NOW = Date.UTC(2026, 5, 15, 12, 0, 0)

export const IDENTITY: OrganizationIdentity = {
  id: '8d2f0c11-6a6b-4f0e-8f4e-1c9a2b3d4e5f',
  uniqueName: 'org1',
  friendlyName: 'Contoso',
  tenantId: TENANT,
  origins: [ORIGIN, 'https://org1.api.crm4.dynamics.com'],
  authorizationUri: `https://login.microsoftonline.com/${TENANT}/oauth2/authorize`,
}

export const ADMIN: Member = {
  entraObjectId: '11111111-0000-4000-8000-000000000001',
  name: 'Ada Admin',
  email: 'ada@contoso.example',
  roles: ['System Administrator'],
}
export const READER: Member = {
  entraObjectId: '11111111-0000-4000-8000-000000000002',
  name: 'Ray Reader',
  email: 'ray@contoso.example',
  roles: ['Service Reader'],
}
export const APPLICATION: Member = {
  entraObjectId: '11111111-0000-4000-8000-000000000003',
  name: 'Fairlead',
  email: 'fairlead@contoso.example',
  applicationId: '22222222-0000-4000-8000-000000000001',
  roles: ['System Administrator'],
}

/** A token is its claims as JSON; `bad:<reason>` is one that Entra ID would not vouch for. */
const tokens: TokenInspector = {
  async inspect(token) {
    if (token.startsWith('bad:'))
      return { valid: false, reason: token.slice(4).replaceAll('-', ' ') }
    const claims: AccessTokenClaims = JSON.parse(Buffer.from(token, 'base64url').toString())
    return { valid: true, claims }
  },
}

export function tokenOf(member: Member, changes: Partial<AccessTokenClaims> = {}): string {
  const claims: AccessTokenClaims = {
    iss: `https://sts.windows.net/${TENANT}/`,
    aud: `${ORIGIN}/`,
    tid: TENANT,
    oid: member.entraObjectId,
    appid: member.applicationId ?? '51f81489-12ee-4a9e-aaae-a2591f45987d',
    nbf: NOW / 1000 - 60,
    exp: NOW / 1000 + 3600,
    ...(member.applicationId === undefined ? { scp: 'user_impersonation' } : {}),
    ...changes,
  }
  return Buffer.from(JSON.stringify(claims)).toString('base64url')
}

export interface Call {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly token?: string | null
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly text: string
  readonly bytes: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects and fails where it is not there
  readonly json: any
}

export interface Rig {
  readonly organization: Organization
  call(path: string, call?: Call): Promise<Reply>
  move(ms: number): void
}

/** An organization with few rows, called without a network. */
export function createRig(
  rows: { accounts: number; contacts: number } = { accounts: 40, contacts: 80 },
  members: readonly Member[] = [ADMIN, READER, APPLICATION],
  schema?: OrganizationOptions['schema'],
  sleep: SandboxClock['sleep'] = async () => undefined,
  webhooks: NonNullable<OrganizationOptions['webhooks']> = {},
): Rig {
  let now = NOW
  const clock: SandboxClock = { now: () => now, sleep }
  const organization = createOrganization({
    identity: IDENTITY,
    tokens,
    clock,
    members,
    rows,
    webhooks,
    ...(schema ? { schema } : {}),
  })
  return {
    organization,
    move(ms) {
      now += ms
    },
    async call(path, { method = 'GET', headers = {}, body, token = tokenOf(ADMIN) } = {}) {
      const url = new URL(path.startsWith('http') ? path : `${API}/${path}`)
      const bytes = bytesOf(body)
      const answer = await organization.handler({
        method,
        url,
        headers: {
          accept: 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': typeOf(body) }),
          ...Object.fromEntries(
            Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
          ),
        },
        body: bytes,
        signal: new AbortController().signal,
      })
      return readReply(answer)
    },
  }
}

function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body
  if (typeof body === 'string') return Buffer.from(body)
  return Buffer.from(body === undefined ? '' : JSON.stringify(body))
}

function typeOf(body: unknown): string {
  return Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json; charset=utf-8'
}

function readReply(answer: Answer): Reply {
  const text = answer.body === undefined ? '' : answer.body.toString()
  const type = String(answer.headers?.['content-type'] ?? '')
  return {
    status: answer.status,
    headers: answer.headers ?? {},
    text,
    bytes: Buffer.from(answer.body ?? ''),
    json: type.startsWith('application/json') && text !== '' ? JSON.parse(text) : undefined,
  }
}
