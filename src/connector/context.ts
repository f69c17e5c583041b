import type { DataverseClient } from '../dataverse/index.ts'
import type { Clock, Json, Logger } from '../kernel/index.ts'

/** Where documents are that are too large for a message. */
export interface AttachmentStore {
  /** Stores a document; whoever holds its `url` can read it. `size` is in bytes. */
  put(
    body: ReadableStream<Uint8Array>,
    options: {
      readonly contentType: string
      readonly name?: string
      readonly signal?: AbortSignal
    },
  ): Promise<{ readonly url: string; readonly size: number }>
  /** Opens a document by its `url`; what is not in this store is refused. */
  get(url: string, options: { readonly signal?: AbortSignal }): Promise<OpenedAttachment>
}

/** A document that is being read from an {@link AttachmentStore}. */
export interface OpenedAttachment {
  readonly body: ReadableStream<Uint8Array>
  readonly contentType?: string
  /** In bytes, where it is known. */
  readonly size?: number
}

/** What one message or checkpoint may hold, as JSON in UTF-8. */
export interface RunLimits {
  readonly maxMessageBytes: number
  readonly maxCursorBytes: number
}

/** All that a trigger or action may touch: the same for the hub, the command line and a platform. */
export interface Context<Config, Input> {
  readonly config: Config
  readonly input: Input
  readonly dataverse: DataverseClient
  /** The last checkpoint of this trigger as its host kept it; nothing at first. */
  readonly cursor: unknown
  /** Somebody only wants to see what would come out: a few rows are enough. */
  readonly sample: boolean
  readonly attachments: AttachmentStore
  readonly limits: RunLimits
  readonly clock: Clock
  readonly logger: Logger
  readonly signal: AbortSignal
}

/** One thing that leaves a run: a message, or the place to resume at. */
export type Output =
  | { readonly kind: 'data'; readonly body: Json; readonly id?: string }
  | { readonly kind: 'checkpoint'; readonly cursor: Json }
