import { isObject } from '../../kernel/index.ts'
import type { CallOptions } from '../call-options.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { Operation } from '../operation.ts'
import { rowOperation } from '../read/read-operations.ts'
import type { Session } from '../session.ts'
import type { Created } from './row-operations.ts'

/**
 * Sends the creation of a row. Where an answer was lost and the row then is there already, it is read:
 * if it holds what was sent, the first sending created it.
 */
export async function createRow(
  session: Session,
  operation: Operation<Created>,
  options: CallOptions,
): Promise<Created> {
  try {
    return await session.perform(operation, options)
  } catch (error) {
    if (!(error instanceof DataverseError) || error.code !== 'outcome_unknown') throw error
    const id = operation.body?.[String(error.facts['idColumn'])]
    if (typeof id !== 'string') throw error
    if (await holds(session, operation, id, options)) return { id }
    throw error
  }
}

async function holds(
  session: Session,
  { path, body = {} }: Operation<Created>,
  id: string,
  options: CallOptions,
): Promise<boolean> {
  const sent = Object.entries(body).filter(
    ([name, value]) => !name.includes('@') && !isNested(value),
  )
  const select = sent.map(([name]) => name)
  const set = path.split('?', 1)[0] ?? ''
  try {
    const row = await session.perform(rowOperation(set, id, { select }), options)
    return sent.every(([name, value]) => sameValue(row[name], value))
  } catch (error) {
    if (error instanceof DataverseError && error.code === 'not_found') return false
    throw error
  }
}

function isNested(value: unknown): boolean {
  return isObject(value) || Array.isArray(value)
}

function sameValue(found: unknown, sent: unknown): boolean {
  const empty = (value: unknown) => value === null || value === undefined || value === ''
  return found === sent || (empty(found) && empty(sent))
}
