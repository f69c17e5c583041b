import { z } from 'zod'
import type { BulkOutcome, InputRow } from '../../dataverse/index.ts'
import { isObject, type JsonObject } from '../../kernel/index.ts'
import { invalidField } from '../connector-error.ts'

// The input field that holds many rows.
const INPUT_OBJECTS = { key: 'inputObjects', label: 'Input Objects' }

/** The input of everything that writes many rows: any number of them, none too. */
export const inputObjects = z.looseObject({
  inputObjects: z
    .array(z.unknown(), { error: 'a list of objects' })
    .meta({ title: INPUT_OBJECTS.label }),
})

/** Takes a list as rows. @throws ConnectorError that names the place of what is no object */
export function rowsOf(objects: readonly unknown[]): readonly InputRow[] {
  return objects.map((one, index) => {
    if (isObject(one)) return one
    throw invalidField(
      { key: placeOf(index) },
      'it is not an object',
      'Give an object for every row, its values by column.',
    )
  })
}

/** How an error names one of the rows. */
export function placeOf(index: number): string {
  return `${INPUT_OBJECTS.key}.${index}`
}

/** Describes the input of many rows. */
export function inputObjectsSchema(row: JsonObject): JsonObject {
  return {
    type: 'object',
    required: [INPUT_OBJECTS.key],
    properties: { [INPUT_OBJECTS.key]: { title: INPUT_OBJECTS.label, type: 'array', items: row } },
  }
}

/** Tells what became of one row: its place in the input, and why it was not written. */
export function outcomeJson(outcome: BulkOutcome): JsonObject {
  const { checkpoint: _, key: __, ...told } = outcome
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
}
