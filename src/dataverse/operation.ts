import type { Json, JsonObject } from '../kernel/index.ts'

/** What came back for an {@link Operation}, its body read. */
export interface OperationAnswer {
  readonly status: number
  readonly headers: Pick<Headers, 'get'>
  /** Parsed JSON, or the text of another kind of body; `undefined` where there is none. */
  readonly body: Json | undefined
  /** Set where an earlier sending of the same operation may have taken effect before this answer. */
  readonly repeated?: boolean
}

/**
 * One call as a value: what to send, and how to read what comes back. It can be sent alone or as a part
 * of a batch, with the same result.
 */
export interface Operation<Result> {
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT'
  /** Below the Web API's address, encoded, without a slash before it. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: JsonObject
  /** Whether it may be sent again after an unknown outcome; GET always may. */
  readonly idempotent?: boolean
  /** Error statuses that `read` takes as answers. */
  readonly allow?: readonly number[]
  /** Error statuses that `read` takes as answers too where the answer is `repeated`. */
  readonly allowRepeated?: readonly number[]
  /** Reads an answer that is no error. */
  readonly read: (answer: OperationAnswer) => Result
}
