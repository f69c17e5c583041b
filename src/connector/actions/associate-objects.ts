import { z } from 'zod'
import { defineAction } from '../define-entry.ts'
import { objectTypeField, objectTypes, readTable } from '../fields/object-type.ts'
import {
  findRelationship,
  RELATIONSHIP,
  relationshipField,
  relationships,
} from '../fields/relationship.ts'
import { rowIdInput } from '../fields/row-id.ts'
import { withFields } from '../naming-field.ts'

/** Links two rows. */
export const associateObjects = defineAction({
  name: 'associateObjects',
  title: 'Associate Objects',
  help: 'Links a row with another by a relationship of its table.',
  order: 82,
  config: z.object({ objectType: objectTypeField(), relationship: relationshipField() }),
  input: z.object({ idValue: rowIdInput(), relatedIdValue: rowIdInput('Related Object ID') }),
  output: z.object({ id: z.string(), relatedId: z.string() }),
  options: { objectTypes, relationships },
  run: async function* ({ config, input, dataverse, signal }) {
    const table = await readTable(dataverse, config.objectType, signal)
    const { property, target } = findRelationship(table, config.relationship)
    const { idValue: id, relatedIdValue: relatedId } = input
    const from = { table: table.logicalName, key: id }
    await withFields({ property: RELATIONSHIP }, () =>
      dataverse.associate(from, property, { table: target, key: relatedId }, { signal }),
    )
    yield { kind: 'data', body: { id, relatedId }, id }
  },
})
