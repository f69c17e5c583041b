/** A message as the platform hands it over and takes it. */
export interface PlatformMessage {
  readonly body?: unknown
  readonly headers?: unknown
  /** Of what was sent to the flow's address, where the platform tells. */
  readonly query?: unknown
  /** What the steps before emitted, in a flow that carries it along. */
  readonly passthrough?: unknown
}

/** What the runtime binds to `this` of the functions that it calls. */
export interface PlatformContext {
  emit?(event: string, payload?: unknown): Promise<unknown>
  /** How many errors of this run the runtime has reported, its own included. */
  readonly errorCount?: number
  readonly logger?: PlatformLogger
}

/** The runtime's logger: its first argument has to be a text. */
export interface PlatformLogger {
  debug(text: string): void
  info(text: string): void
  warn(text: string): void
  error(text: string): void
}

/** The configuration of a step, its credential's fields and the fields of the entry side by side. */
export type StepConfiguration = Readonly<Record<string, unknown>>

/** What a module that the runtime loads for a trigger or action exports. */
export interface PlatformModule {
  process(
    this: PlatformContext,
    message: PlatformMessage,
    configuration: StepConfiguration,
    snapshot?: unknown,
  ): Promise<void>
  getMetaModel(
    this: PlatformContext,
    configuration: StepConfiguration,
  ): Promise<{ readonly in: object; readonly out: object }>
  /** Of webhook triggers: called when the flow is started; what it answers is given to `shutdown`. */
  startup?(configuration: StepConfiguration): Promise<unknown>
  shutdown?(configuration: StepConfiguration, kept: unknown): Promise<void>
  /** The select models, by the names that component.json gives to them. */
  [selectModel: string]: unknown
}
