import type { Access } from '../hub/access/index.ts'
import type { Alerts } from '../hub/alerts/index.ts'
import type { Attachments } from '../hub/attachments/index.ts'
import type { AuditLog } from '../hub/audit/index.ts'
import type { Connect } from '../hub/connect/index.ts'
import type { Form, ManifestEntry, Option, Output } from '../hub/runs/index.ts'
import type { Triggers } from '../hub/triggers/index.ts'
import type { AuthClients, Credentials } from '../hub/vault/index.ts'
import type { Json, JsonObject } from '../kernel/index.ts'

/** An environment that was found by its address. */
export interface Discovered {
  readonly environmentUrl: URL
  readonly resource: string
  readonly tenantId: string
  readonly authority: string
  readonly cloud?: string
  readonly endpoints: {
    readonly v1: { readonly authorization: string; readonly token: string }
    readonly v2: { readonly authorization: string; readonly token: string; readonly device: string }
  }
  /** What was changed in what was typed. */
  readonly notes: readonly string[]
}

/** One action to run on a Credential. */
export interface ActionCall {
  readonly workspaceId: string
  readonly credentialId: string
  readonly action: string
  readonly config: JsonObject
  readonly signal: AbortSignal
}

/** What can be run, and its running. */
export interface Actions {
  readonly list: readonly ManifestEntry[]
  run(
    call: ActionCall & {
      readonly input: Json
      readonly cursor?: Json | undefined
      readonly sample?: boolean | undefined
    },
  ): AsyncIterable<Output>
  form(call: ActionCall): Promise<Form>
  options(
    call: ActionCall & { readonly field: string; readonly search?: string },
  ): Promise<readonly Option[]>
  /** TypeScript for some tables of the environment. */
  types(call: {
    readonly workspaceId: string
    readonly credentialId: string
    readonly tables: readonly string[]
    readonly signal: AbortSignal
  }): Promise<string>
}

/** The rooms of the hub, as far as its API and pages need them. */
export interface Hub {
  readonly access: Access
  readonly authClients: AuthClients
  readonly credentials: Credentials
  readonly connect: Connect
  readonly alerts: Pick<Alerts, 'list'>
  readonly audit: Pick<AuditLog, 'list'>
  readonly actions: Actions
  readonly triggers: Omit<Triggers, 'begin' | 'tidy'>
  readonly attachments: Pick<Attachments, 'open'>
  /** Finds tenant and endpoints of a CRM address by its challenge. */
  discover(address: string, signal: AbortSignal): Promise<Discovered>
  /** The guide as Markdown, filled in; what cannot be read counts as not given. */
  readGuide(values: {
    readonly crmAddress?: string
    readonly tenantId?: string
    readonly clientId?: string
  }): Promise<string>
  /** Asks the store for an answer. */
  ping(): Promise<void>
}
