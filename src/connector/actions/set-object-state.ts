import { z } from 'zod'
import { type Column, InvalidRow, type TableDefinition } from '../../dataverse/index.ts'
import type { JsonObject } from '../../kernel/index.ts'
import { invalidField } from '../connector-error.ts'
import { defineAction } from '../define-entry.ts'
import { blankToNothing } from '../field.ts'
import { optionsOf, titleOf } from '../fields/column-json.ts'
import { objectTypeField, objectTypes, readTable } from '../fields/object-type.ts'
import { rowIdInput } from '../fields/row-id.ts'
import { rowSchema } from '../fields/row-schema.ts'
import { withFields } from '../naming-field.ts'

const FIELDS = {
  state: { key: 'state', label: 'State' },
  status: { key: 'status', label: 'Status reason' },
}

const choice = (title: string) =>
  z
    .preprocess(
      blankToNothing,
      z
        .union([z.string(), z.number()], { error: 'the number or the label of a choice' })
        .optional(),
    )
    .meta({ title, type: ['integer', 'string'] })

/** Changes the state of a row, such as closing it. */
export const setObjectState = defineAction({
  name: 'setObjectState',
  title: 'Set Object State',
  help: 'Activates, deactivates or closes a row; a status reason alone tells its state.',
  order: 85,
  config: z.object({ objectType: objectTypeField() }),
  input: z.object({
    idValue: rowIdInput(),
    state: choice(FIELDS.state.label),
    status: choice(FIELDS.status.label),
  }),
  options: { objectTypes },
  inputSchema: async ({ config, dataverse, signal }) => {
    const table = await readTable(dataverse, config.objectType, signal)
    return {
      type: 'object',
      required: ['idValue'],
      properties: {
        idValue: { title: 'Object ID', type: 'string', format: 'uuid' },
        ...choiceProperty('state', table),
        ...choiceProperty('status', table),
      },
    }
  },
  outputSchema: async ({ config, dataverse, signal }) =>
    rowSchema(await readTable(dataverse, config.objectType, signal)),
  run: async function* ({ config, input, dataverse, signal }) {
    const { logicalName } = await readTable(dataverse, config.objectType, signal)
    const { idValue: id, state, status } = input
    const change = {
      ...(state === undefined ? {} : { state }),
      ...(status === undefined ? {} : { status }),
    }
    try {
      const options = { returning: true, signal } as const
      const { row = {} } = await withFields(FIELDS, () =>
        dataverse.setState(logicalName, id, change, options),
      )
      yield { kind: 'data', body: row, id }
    } catch (error) {
      throw error instanceof InvalidRow ? namingChoice(error) : error
    }
  },
})

function choiceProperty(type: 'state' | 'status', { columns }: TableDefinition): JsonObject {
  const column: Column | undefined = columns.find((one) => one.type === type)
  if (column === undefined) return {}
  return { [type]: { title: titleOf(column), type: 'integer', ...optionsOf(column, false) } }
}

function namingChoice(error: InvalidRow): unknown {
  const [problem] = error.problems
  if (problem === undefined) return error
  const field = problem.column === 'statuscode' ? FIELDS.status : FIELDS.state
  return invalidField(field, problem.problem, problem.remedy, error)
}
