import { json } from '../answers.ts'
import type { Organization } from '../dataverse/index.ts'
import type { Answer } from '../exchange.ts'
import {
  allowOnly,
  InputError,
  type JsonObject,
  readOptionalString,
  readString,
  readStrings,
} from '../json-input.ts'

/** Changes the alternate keys of a table: `POST …/keys`, `DELETE …/keys/{name}`. */
export function keyCall(
  control: Organization['control'],
  call: { readonly method: string; body(): JsonObject },
  table: string,
  name: string | undefined,
): Answer | undefined {
  if (call.method === 'DELETE' && name !== undefined) return changed(control.removeKey(table, name))
  if (call.method !== 'POST' || name !== undefined) return undefined
  const key = readKey(call.body())
  try {
    return changed(control.addKey(table, key))
  } catch (error) {
    throw new InputError(error instanceof Error ? error.message : String(error))
  }
}

function readKey(body: JsonObject) {
  allowOnly(body, ['name', 'schemaName', 'label', 'columns'], 'A key')
  const schemaName = readOptionalString(body, 'schemaName')
  const label = readOptionalString(body, 'label')
  return {
    name: readString(body, 'name'),
    columns: readStrings(body, 'columns'),
    ...(schemaName === undefined ? {} : { schemaName }),
    ...(label === undefined ? {} : { label }),
  }
}

function changed(yes: boolean): Answer {
  return yes ? { status: 204 } : json(404, { error: { message: 'There is no such table or key.' } })
}
