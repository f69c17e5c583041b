import { moment } from './moment.ts'
import type { Queryable } from './store.ts'
import type { StoredFailure, StoredPrompt } from './tables/connect.ts'
import type { StoredActor } from './tables/vault.ts'

export interface FlowRow {
  readonly workspaceId: string
  readonly id: string
  readonly credentialId: string
  readonly kind: 'browser' | 'device' | 'app'
  readonly stage: 'started' | 'opened' | 'redeeming' | 'succeeded' | 'failed'
  readonly initiator: StoredActor
  readonly authClientId: string
  readonly authClientVersion: number
  readonly redirectUri: string
  readonly prompt: StoredPrompt | null
  readonly acceptIdentity: boolean
  readonly codeVerifier: string | null
  readonly userCode: string | null
  readonly verificationUri: string | null
  readonly failure: StoredFailure | null
  readonly createdAt: number
  readonly expiresAt: number
  /** When the process that works on it last said so; null while a browser has the turn. */
  readonly heardAt: number | null
  readonly finishedAt: number | null
}

/** What a flow is begun with. */
export type NewFlowRow = Pick<
  FlowRow,
  | 'workspaceId'
  | 'id'
  | 'credentialId'
  | 'kind'
  | 'stage'
  | 'initiator'
  | 'authClientId'
  | 'authClientVersion'
  | 'redirectUri'
  | 'acceptIdentity'
  | 'createdAt'
  | 'expiresAt'
> & {
  readonly prompt?: StoredPrompt | undefined
  readonly ticketHash?: string
  readonly userCode?: string
  readonly verificationUri?: string
}

const COLUMNS = [
  'workspace_id as workspaceId',
  'id',
  'credential_id as credentialId',
  'kind',
  'stage',
  'initiator',
  'auth_client_id as authClientId',
  'auth_client_version as authClientVersion',
  'redirect_uri as redirectUri',
  'prompt',
  'accept_identity as acceptIdentity',
  'code_verifier as codeVerifier',
  'user_code as userCode',
  'verification_uri as verificationUri',
  'failure',
  'created_at as createdAt',
  'expires_at as expiresAt',
  'heard_at as heardAt',
  'finished_at as finishedAt',
] as const

/** Begins a flow. */
export async function insertFlow(db: Queryable, flow: NewFlowRow): Promise<void> {
  await db
    .insertInto('connect_flows')
    .values({
      workspace_id: flow.workspaceId,
      id: flow.id,
      credential_id: flow.credentialId,
      kind: flow.kind,
      stage: flow.stage,
      initiator: JSON.stringify(flow.initiator),
      auth_client_id: flow.authClientId,
      auth_client_version: flow.authClientVersion,
      redirect_uri: flow.redirectUri,
      prompt: flow.prompt ?? null,
      accept_identity: flow.acceptIdentity,
      ticket_hash: flow.ticketHash ?? null,
      user_code: flow.userCode ?? null,
      verification_uri: flow.verificationUri ?? null,
      created_at: new Date(flow.createdAt),
      expires_at: new Date(flow.expiresAt),
      heard_at: flow.stage === 'redeeming' ? new Date(flow.createdAt) : null,
    })
    .execute()
}

/** Notes that a process still works on a flow; answers whether the flow goes on. */
export async function noteHeard(
  db: Queryable,
  flow: Pick<FlowRow, 'workspaceId' | 'id'>,
  at: number,
): Promise<boolean> {
  const [result] = await db
    .updateTable('connect_flows')
    .set({ heard_at: new Date(at) })
    .where('workspace_id', '=', flow.workspaceId)
    .where('id', '=', flow.id)
    .where('stage', '=', 'redeeming')
    .execute()
  return (result?.numUpdatedRows ?? 0n) > 0n
}

/** Takes a ticket, once: the second caller, also in another process, gets nothing. */
export async function takeTicket(
  db: Queryable,
  ticketHash: string,
  now: number,
): Promise<FlowRow | undefined> {
  return await db
    .updateTable('connect_flows')
    .set({ stage: 'opened', ticket_hash: null })
    .where('ticket_hash', '=', ticketHash)
    .where('stage', '=', 'started')
    .where('expires_at', '>', moment(now))
    .returning(COLUMNS)
    .executeTakeFirst()
}

/** Binds an opened flow to the browser that opened it and to the request that is sent from there. */
export async function bindFlow(
  db: Queryable,
  flow: Pick<FlowRow, 'workspaceId' | 'id'>,
  bound: {
    readonly stateHash: string
    readonly cookieHash: string
    readonly codeVerifier: string
    readonly expiresAt: number
  },
): Promise<void> {
  await db
    .updateTable('connect_flows')
    .set({
      state_hash: bound.stateHash,
      cookie_hash: bound.cookieHash,
      code_verifier: bound.codeVerifier,
      expires_at: new Date(bound.expiresAt),
    })
    .where('workspace_id', '=', flow.workspaceId)
    .where('id', '=', flow.id)
    .execute()
}

/** Consumes a state, once, and only for a browser that holds the flow's cookie. */
export async function consumeState(
  db: Queryable,
  {
    stateHash,
    cookieHashes,
    now,
  }: { readonly stateHash: string; readonly cookieHashes: readonly string[]; readonly now: number },
): Promise<FlowRow | undefined> {
  if (cookieHashes.length === 0) return undefined
  return await db
    .updateTable('connect_flows')
    .set({ stage: 'redeeming', heard_at: new Date(now) })
    .where('state_hash', '=', stateHash)
    .where('cookie_hash', 'in', cookieHashes)
    .where('stage', '=', 'opened')
    .where('expires_at', '>', moment(now))
    .returning(COLUMNS)
    .executeTakeFirst()
}

/** Finds a flow whose state was consumed before, for a browser that holds its cookie. */
export async function findConsumed(
  db: Queryable,
  stateHash: string,
  cookieHashes: readonly string[],
): Promise<FlowRow | undefined> {
  if (cookieHashes.length === 0) return undefined
  return await db
    .selectFrom('connect_flows')
    .select(COLUMNS)
    .where('state_hash', '=', stateHash)
    .where('cookie_hash', 'in', cookieHashes)
    .where('stage', 'in', ['redeeming', 'succeeded', 'failed'])
    .executeTakeFirst()
}

/** Ends a flow, once; what only its way needed is erased. Answers whether it had not ended before. */
export async function endFlow(
  db: Queryable,
  flow: Pick<FlowRow, 'workspaceId' | 'id'>,
  end: { readonly at: number; readonly failure?: StoredFailure },
): Promise<boolean> {
  const [result] = await db
    .updateTable('connect_flows')
    .set({
      stage: end.failure === undefined ? 'succeeded' : 'failed',
      failure: end.failure === undefined ? null : JSON.stringify(end.failure),
      finished_at: new Date(end.at),
      ticket_hash: null,
      code_verifier: null,
    })
    .where('workspace_id', '=', flow.workspaceId)
    .where('id', '=', flow.id)
    .where('stage', 'not in', ['succeeded', 'failed'])
    .execute()
  return (result?.numUpdatedRows ?? 0n) > 0n
}

/** Reads one flow. */
export async function readFlow(
  db: Queryable,
  workspaceId: string,
  id: string,
): Promise<FlowRow | undefined> {
  return await db
    .selectFrom('connect_flows')
    .select(COLUMNS)
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Erases the flows begun before a moment. */
export async function deleteOldFlows(db: Queryable, before: number): Promise<void> {
  await db.deleteFrom('connect_flows').where('created_at', '<', moment(before)).execute()
}
