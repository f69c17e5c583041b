import { z } from 'zod'
import { parseGuid } from '../../dataverse/index.ts'
import { blankToNothing } from '../field.ts'

/** The input field that names one row by its id. */
export const ID_VALUE = { key: 'idValue', label: 'Object ID' }

const A_GUID = 'a GUID such as 01234567-89ab-cdef-0123-456789abcdef'

/** The id of a row in an input, read in any of its usual spellings. */
export function rowIdInput(title = ID_VALUE.label) {
  const guid = z.string({ error: A_GUID }).transform((text, context) => {
    const id = parseGuid(text)
    if (id !== undefined) return id
    context.addIssue({ code: 'custom', message: A_GUID })
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
