import { json } from '../answers.ts'
import {
  CHANGEABLE_TYPES,
  type ColumnChanges,
  type NewColumn,
  type Organization,
} from '../dataverse/index.ts'
import type { Answer } from '../exchange.ts'
import {
  allowOnly,
  InputError,
  type JsonObject,
  readObject,
  readOptionalOneOf,
  readOptionalString,
  readOptionalWhole,
  readString,
} from '../json-input.ts'

const LEVELS = ['None', 'Recommended', 'ApplicationRequired', 'SystemRequired'] as const
const CHANGES = ['label', 'maxLength', 'required', 'choices']

/** Changes the definition of a table: `POST …/columns`, `PATCH` and `DELETE …/columns/{name}`. */
export function columnCall(
  control: Organization['control'],
  call: { readonly method: string; body(): JsonObject },
  table: string,
  name: string | undefined,
): Answer | undefined {
  if (call.method === 'POST' && name === undefined) {
    return changed(control.addColumn(table, readNew(call.body())))
  }
  if (name === undefined) return undefined
  if (call.method === 'DELETE') return changed(control.removeColumn(table, name))
  if (call.method !== 'PATCH') return undefined
  const body = call.body()
  allowOnly(body, CHANGES, 'The change of a column')
  return changed(control.changeColumn(table, name, readChanges(body)))
}

function readNew(body: JsonObject): NewColumn {
  allowOnly(body, ['name', 'schemaName', 'type', ...CHANGES], 'A column')
  const name = readString(body, 'name')
  if (!/^[a-z_][a-z0-9_]{0,99}$/.test(name)) {
    throw new InputError(
      `'name' must be lower-case letters, digits and underscores, not '${name}'.`,
    )
  }
  const wish = readString(body, 'type')
  const type = CHANGEABLE_TYPES.find((known) => known === wish)
  if (!type) throw new InputError(`'type' must be one of ${CHANGEABLE_TYPES.join(', ')}.`)
  const schemaName = readOptionalString(body, 'schemaName')
  return { name, type, ...(schemaName === undefined ? {} : { schemaName }), ...readChanges(body) }
}

function readChanges(body: JsonObject): ColumnChanges {
  const label = readOptionalString(body, 'label')
  const maxLength = readOptionalWhole(body, 'maxLength', 1, 1_048_576)
  const required = readOptionalOneOf(body, 'required', LEVELS)
  return {
    ...(label === undefined ? {} : { label }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(required === undefined ? {} : { required }),
    ...readChoices(body),
  }
}

function readChoices(body: JsonObject): Pick<ColumnChanges, 'choices'> {
  const list = body['choices']
  if (list === undefined) return {}
  if (!Array.isArray(list)) throw new InputError("'choices' must be a list.")
  return {
    choices: list.map((item: unknown) => {
      const choice = readObject(item, "An item of 'choices'")
      allowOnly(choice, ['value', 'label'], 'A choice')
      const value = readOptionalWhole(choice, 'value', -1, 2_147_483_647)
      if (value === undefined) throw new InputError("A choice must have a 'value'.")
      return { value, label: readString(choice, 'label') }
    }),
  }
}

function changed(yes: boolean): Answer {
  return yes
    ? { status: 204 }
    : json(404, { error: { message: 'There is no such table or column, or it has to stay.' } })
}
