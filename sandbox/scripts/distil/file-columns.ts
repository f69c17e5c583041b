import type { ColumnFacts } from './shape.ts'

const READ_ONLY = { create: false, update: false } as const

/**
 * The file and the image column that the documents' examples speak of, with the columns that come with each.
 * https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data
 */
export const FILE_COLUMNS: readonly ColumnFacts[] = [
  ...file('new_Contract', 'Contract', 32_768),
  ...file('sample_FileColumn', 'File Column', 102_400),
  {
    name: 'sample_imagecolumn',
    schema: 'sample_ImageColumn',
    label: 'Image Column',
    type: 'Image',
    max: 10_240,
  },
  {
    name: 'sample_imagecolumn_timestamp',
    schema: 'sample_ImageColumn_Timestamp',
    type: 'BigInt',
    ...READ_ONLY,
  },
  {
    name: 'sample_imagecolumn_url',
    schema: 'sample_ImageColumn_URL',
    type: 'String',
    max: 200,
    format: 'Url',
    ...READ_ONLY,
  },
  {
    name: 'sample_imagecolumnid',
    schema: 'sample_ImageColumnId',
    type: 'Uniqueidentifier',
    ...READ_ONLY,
  },
]

function file(schema: string, label: string, max: number): ColumnFacts[] {
  const name = schema.toLowerCase()
  return [
    { name, schema, label, type: 'File', max, ...READ_ONLY },
    { name: `${name}_name`, schema: `${schema}_Name`, type: 'String', max: 200, ...READ_ONLY },
  ]
}
