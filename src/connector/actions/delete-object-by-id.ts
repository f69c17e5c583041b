import { z } from 'zod'
import { defineAction } from '../define-entry.ts'
import { objectTypeField, objectTypes, readTable } from '../fields/object-type.ts'
import { rowIdInput } from '../fields/row-id.ts'

/** Deletes one row. */
export const deleteObjectById = defineAction({
  name: 'deleteObjectById',
  title: 'Delete Object By ID',
  help: 'Deletes the row that has this id; where there is none, that is an error.',
  order: 40,
  config: z.object({ objectType: objectTypeField() }),
  input: z.object({ idValue: rowIdInput() }),
  output: z.object({ id: z.string() }),
  options: { objectTypes },
  run: async function* ({ config, input: { idValue: id }, dataverse, signal }) {
    const { logicalName } = await readTable(dataverse, config.objectType, signal)
    await dataverse.delete(logicalName, id, { signal })
    yield { kind: 'data', body: { id }, id }
  },
})
