import { isObject } from '../../kernel/index.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { Session } from '../session.ts'
import type { BulkKind } from './chunk.ts'

/** The messages for many rows. Only elastic tables have one for deleting. */
export const MESSAGES = {
  create: 'CreateMultiple',
  update: 'UpdateMultiple',
  upsert: 'UpsertMultiple',
} as const

type Asked = 'CreateMultiple' | 'UpdateMultiple'

/** Which tables take messages for many rows; the service is asked once for each. */
export class MultipleMessages {
  readonly #session: Session
  readonly #known = new Map<string, boolean>()

  constructor(session: Session) {
    this.#session = session
  }

  /** Whether a table takes the message; where nobody can tell, it does not. */
  async takes(table: string, kind: BulkKind, signal?: AbortSignal): Promise<boolean> {
    if (kind === 'delete') return false
    const found = await Promise.all(asked(kind).map((one) => this.#has(table, one, signal)))
    return !found.includes(false)
  }

  async #has(table: string, message: Asked, signal: AbortSignal | undefined): Promise<boolean> {
    const name = `${table} ${message}`
    const known = this.#known.get(name)
    if (known !== undefined) return known
    try {
      const found = await hasMessage(this.#session, table, message, signal)
      this.#known.set(name, found)
      return found
    } catch (error) {
      // What stops the question now is asked again the next time.
      if (error instanceof DataverseError && error.code !== 'unauthorized') return false
      throw error
    }
  }
}

// UpsertMultiple is announced by no filter: a table has it that has the other two.
// https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
function asked(kind: 'create' | 'update' | 'upsert'): readonly Asked[] {
  return kind === 'upsert' ? [MESSAGES.create, MESSAGES.update] : [MESSAGES[kind]]
}

async function hasMessage(
  session: Session,
  table: string,
  message: Asked,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const filter = 'sdkmessageid/name eq @message and primaryobjecttypecode eq @table'
  const url = new URL('sdkmessagefilters', session.api.root)
  url.search = `?$select=sdkmessagefilterid&$filter=${encodeURIComponent(filter)}&@message='${message}'&@table='${table}'`
  const answer = await session.json({ url, ...(signal === undefined ? {} : { signal }) })
  return Array.isArray(answer['value']) && answer['value'].some(isObject)
}
