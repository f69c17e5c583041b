import type { FieldName } from '../connector-error.ts'
import type { Option, OptionsContext } from '../entry.ts'
import { dynamicSelectField } from '../field.ts'
import { readChosenTable } from './object-type.ts'
import { searchOptions } from './search-options.ts'

/** The field that names the column of a file. */
export const FILE_COLUMN: FieldName = { key: 'column', label: 'File Column' }

/** The field that names a file or image column of the table, with the options `fileColumns`. */
export function fileColumnField() {
  return dynamicSelectField({
    label: 'File Column',
    help: 'The column of the table that holds a file or an image.',
    order: 20,
    options: 'fileColumns',
    requires: ['objectType'],
  })
}

/** Lists the file and image columns of the chosen table. */
export async function fileColumns(context: OptionsContext): Promise<readonly Option[]> {
  const { columns } = await readChosenTable(context)
  const options = columns
    .filter(({ type }) => type === 'file' || type === 'image')
    .map(({ logicalName, label = logicalName }) => ({
      value: logicalName,
      label: `${label} (${logicalName})`,
    }))
  return searchOptions(options, context)
}
