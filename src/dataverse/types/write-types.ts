import type { TableDefinition } from '../metadata/table.ts'
import { Identifiers } from './identifiers.ts'
import { tableDeclarations } from './table-declarations.ts'

const SHARED = [
  '/** Each value as the service shows it to the caller, where annotations were asked for. */',
  'type Shown<Columns> = {',
  '  readonly [Name in keyof Columns &',
  `    string as \`\${Name}@OData.Community.Display.V1.FormattedValue\`]?: string`,
  '}',
  '',
  '/** What a lookup is given: an id, or a row of a table by its id or an alternate key. */',
  'export type Reference<Table extends string> =',
  '  | string',
  '  | { readonly table: Table; readonly id: string }',
  '  | {',
  '      readonly table: Table',
  '      readonly key: { readonly [column: string]: string | number | boolean }',
  '    }',
  '',
]

/**
 * Writes TypeScript for tables: what their rows hold when they are read, what may be written, their
 * choices, keys and navigation properties, all in the service's own case. The same definitions give the
 * same text.
 */
export function writeTypes(
  tables: readonly TableDefinition[],
  options: {
    /** Where the definitions come from, for the first line. */
    readonly source: string
  },
): string {
  const sorted = [...new Map(tables.map((table) => [table.logicalName, table])).values()].toSorted(
    (one, other) => (one.logicalName < other.logicalName ? -1 : 1),
  )
  const identifiers = new Identifiers()
  for (const name of ['Shown', 'Reference']) identifiers.take(name)
  const types = new Map(
    sorted.map((table) => [table.logicalName, identifiers.take(capital(table.schemaName))]),
  )
  const names = sorted.map(({ logicalName }) => logicalName).join(',')
  const source = options.source.replace(/\s+/g, ' ')
  return [
    `// Made from the definitions of ${source}, not to be edited. Make it again with:`,
    `// fairlead types --tables ${names}`,
    '',
    ...SHARED,
    ...sorted.flatMap((table) => tableDeclarations(table, types, identifiers)),
  ].join('\n')
}

function capital(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1)
}
