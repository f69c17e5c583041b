import type { Json } from '../../kernel/index.ts'

/** Who acts, and in which workspace; `hub` is the hub itself, for its maintenance. */
export interface Actor {
  readonly workspaceId: string
  readonly kind: 'user' | 'key' | 'hub'
  readonly id: string
  readonly ip?: string
}

/** What happened, in the past tense of a dotted name, such as `auth_client.created`. */
export interface AuditEvent {
  readonly action: string
  readonly subject: { readonly kind: string; readonly id: string }
  readonly result: 'ok' | 'refused' | 'failed'
  /** Names of the fields that changed, never their values. */
  readonly fields?: readonly string[]
  /** Codes and ids, never secrets. */
  readonly facts?: Readonly<Record<string, Json>>
}

export interface AuditEntry extends Required<AuditEvent> {
  readonly workspaceId: string
  /** Counts up from 1 within its workspace, without gaps. */
  readonly sequence: number
  readonly at: number
  readonly actor: Omit<Actor, 'workspaceId'>
  readonly hash: string
}

/** The actor for what the hub does by itself. */
export function hubActor(workspaceId: string): Actor {
  return { workspaceId, kind: 'hub', id: 'hub' }
}
