import type { DataverseClient } from '../dataverse/index.ts'
import type { Json, JsonObject } from '../kernel/index.ts'
import type { Context, Output } from './context.ts'
import type { FieldView } from './field.ts'

/** One entry of a dropdown that is read from the environment. */
export interface Option {
  readonly value: string
  readonly label: string
}

/** A question of a form to the environment. */
export interface FormContext<Config> {
  readonly config: Config
  readonly dataverse: DataverseClient
  readonly signal?: AbortSignal
}

/** A question for the entries of a dropdown: the form as far as it is filled, and what was typed. */
export interface OptionsContext extends FormContext<Readonly<Record<string, unknown>>> {
  readonly search?: string
  readonly limit: number
}

/** What starts a run: a person or a flow, a schedule, or a message of the environment. */
export type EntryKind = 'action' | 'polling' | 'webhook'

/** Where a webhook trigger wants its messages, and what keeps strangers from sending some. */
export interface Enabling<Config> extends FormContext<Config> {
  /** An address of this host that Dataverse can reach. */
  readonly callbackUrl: string
  /** Has to come back with every message; the host compares it. */
  readonly key: string
}

/** A webhook trigger's doings in the environment. What `enable` answers is kept and given to `disable`. */
export interface Registration<Config> {
  /** Has Dataverse send its messages. */
  enable(enabling: Enabling<Config>): Promise<Json>
  /**
   * Finds what is registered for an address, also by an `enable` that broke off, except for one that is
   * known. Each is as `enable` answers, and can be given to `disable`.
   */
  find(
    form: FormContext<Config> & { readonly callbackUrl: string; readonly except?: unknown },
  ): Promise<readonly Json[]>
  /** Has Dataverse send nothing more. */
  disable(form: FormContext<Config> & { readonly registered: unknown }): Promise<void>
}

/** A trigger or action as its hosts see it: configuration and input come as they were sent, and are checked. */
export interface Entry {
  readonly kind: EntryKind
  readonly name: string
  readonly title: string
  readonly help: string
  readonly order: number
  readonly deprecated: boolean
  readonly fields: Readonly<Record<string, FieldView>>
  /** The schemas that hold for every configuration; none where they depend on it. */
  readonly staticSchemas: { readonly input?: JsonObject; readonly output?: JsonObject }
  /** Describes the input that fits this configuration. @throws ConnectorError */
  inputSchema(form: FormContext<unknown>): Promise<JsonObject>
  /** Describes the messages that come of this configuration. @throws ConnectorError */
  outputSchema(form: FormContext<unknown>): Promise<JsonObject>
  /** Lists the entries of a dropdown. @throws ConnectorError `invalid_field` for a field without any */
  options(field: string, context: OptionsContext): Promise<readonly Option[]>
  /** @throws ConnectorError `invalid_field`, `missing_field` and what the entry's own calls meet */
  run(context: Context<unknown, unknown>): AsyncIterable<Output>
  /** Of webhook triggers only. */
  readonly registration?: Registration<unknown>
}
