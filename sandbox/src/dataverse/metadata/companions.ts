import type { Column, Schema, Table } from '../schema/model.ts'

/** A column as definitions list it, with what rows do not have. */
export interface Listed {
  readonly column: Column
  /** The column that it goes with. */
  readonly of?: string
  /** Whether rows of the Web API have it. */
  readonly inRows: boolean
}

/** Who takes part in activities, by the columns that their tables' documents list. */
const PARTIES: Readonly<Record<string, readonly string[]>> = {
  appointment: ['optionalattendees', 'organizer', 'requiredattendees'],
  email: ['bcc', 'cc', 'from', 'to'],
  phonecall: ['from', 'to'],
}

/**
 * The columns of a table as its definition lists them: also those that rows do not have, the names of
 * lookups' rows and of choices and the parties of activities, as exported definitions show them.
 */
export function listedColumns(schema: Schema, table: Table): readonly Listed[] {
  const own = table.columns.map((column) => {
    const of = ownerOf(table, column)
    const inRows = column.type !== 'Virtual' && column.type !== 'PartyList'
    return { column, inRows, ...(of === undefined ? {} : { of }) }
  })
  const added = [
    ...table.columns.flatMap((column) => named(table, column)),
    ...partyColumns(schema, table),
  ]
  const free = added.filter(({ column }) => !table.byName.has(column.name))
  return [
    ...own,
    ...free.map((one, at) => ({
      ...one,
      column: { ...one.column, index: table.columns.length + at },
    })),
  ]
}

/** Images and files come with columns of their own: the image's address and time, the file's name. */
function ownerOf({ byName }: Table, { name }: Column): string | undefined {
  const image = /^(.+)_(?:timestamp|url)$/.exec(name)?.[1] ?? name
  if (byName.get(image)?.type === 'Image' && byName.has(`${image}_url`)) return `${image}id`
  const file = /^(.+)_name$/.exec(name)?.[1] ?? ''
  return byName.get(file)?.type === 'File' ? file : undefined
}

function named(table: Table, column: Column): readonly Listed[] {
  const companion = (type: Column['type'], name: string, more: Partial<Column> = {}): Listed => ({
    column: { ...plainColumn(table, name, type), create: false, update: false, ...more },
    of: column.name,
    inRows: false,
  })
  switch (column.type) {
    case 'Boolean':
    case 'Picklist':
    case 'MultiSelectPicklist':
    case 'State':
    case 'Status':
      return [companion('Virtual', `${column.name}name`)]
    case 'Owner':
    case 'Customer':
      return [
        companion('String', `${column.name}name`, { required: column.required }),
        companion('EntityName', `${column.name}type`, { create: true, update: true }),
      ]
    case 'Lookup':
      return [companion('String', `${column.name}name`)]
    default:
      return []
  }
}

function partyColumns(schema: Schema, table: Table): readonly Listed[] {
  const targets = schema.tables.get('activityparty')?.byName.get('partyid')?.targets ?? []
  return (PARTIES[table.name] ?? []).map((name) => ({
    column: { ...plainColumn(table, name, 'PartyList'), targets },
    inRows: false,
  }))
}

function plainColumn(table: Table, name: string, type: Column['type']): Column {
  return {
    index: 0,
    table: table.name,
    name,
    schemaName: name,
    label: name,
    type,
    storage: 'text',
    property: name,
    edm: 'Edm.String',
    required: 'None',
    create: true,
    update: true,
    choices: [],
    targets: [],
  }
}
