import { z } from 'zod'
import { missingField } from '../connector-error.ts'
import { defineAction } from '../define-entry.ts'
import { objectTypeField, objectTypes, readTable } from '../fields/object-type.ts'
import {
  findRelationship,
  RELATIONSHIP,
  relationshipField,
  relationships,
} from '../fields/relationship.ts'
import { optionalRowIdInput, rowIdInput } from '../fields/row-id.ts'
import { withFields } from '../naming-field.ts'

/** Parts two rows. */
export const disassociateObjects = defineAction({
  name: 'disassociateObjects',
  title: 'Disassociate Objects',
  help: 'Parts two rows; a lookup is cleared whatever it refers to.',
  order: 83,
  config: z.object({ objectType: objectTypeField(), relationship: relationshipField() }),
  input: z.object({
    idValue: rowIdInput(),
    relatedIdValue: optionalRowIdInput('Related Object ID'),
  }),
  output: z.object({ id: z.string(), relatedId: z.string().optional() }),
  options: { objectTypes, relationships },
  run: async function* ({ config, input, dataverse, signal }) {
    const table = await readTable(dataverse, config.objectType, signal)
    const { property, target, many } = findRelationship(table, config.relationship)
    const { idValue: id, relatedIdValue: relatedId } = input
    if (many && relatedId === undefined) {
      const field = { key: 'relatedIdValue', label: 'Related Object ID' }
      throw missingField(field, 'Say which of the related rows is to be parted.')
    }
    const from = { table: table.logicalName, key: id }
    const to = relatedId === undefined ? undefined : { table: target, key: relatedId }
    await withFields({ property: RELATIONSHIP }, () =>
      dataverse.disassociate(from, property, to, { signal }),
    )
    yield {
      kind: 'data',
      body: { id, ...(relatedId === undefined ? {} : { relatedId }) },
      id,
    }
  },
})
