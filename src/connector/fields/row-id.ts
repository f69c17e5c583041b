import { z } from 'zod'
import { parseGuid } from '../../dataverse/index.ts'
import { blankToNothing } from '../field.ts'

/** The input field that names one row by its id. */
export const ID_VALUE = { key: 'idValue', label: 'Object ID' }

/** The id of a row in an input, read in any of its usual spellings. */
export function rowIdInput(title = ID_VALUE.label) {
  const guid = z.string({ error: 'it is not a text' }).transform((text, context) => {
    const id = parseGuid(text)
    if (id !== undefined) return id
    context.addIssue({ code: 'custom', message: 'it is not a GUID' })
    return z.NEVER
  })
  return z
    .preprocess(blankToNothing, guid)
    .meta({ title, type: 'string', format: 'uuid', description: 'The id of a row.' })
}

/** The id of a row that may be left out. */
export function optionalRowIdInput(title: string) {
  return z
    .preprocess(blankToNothing, rowIdInput(title).optional())
    .meta({ title, type: 'string', format: 'uuid' })
}
