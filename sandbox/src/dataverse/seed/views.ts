import type { Database } from '../store/database.ts'
import type { Reference } from '../store/rows.ts'
import type { Insert } from './insert.ts'

/** Two views that every organization has, with the ids that the documents give them. */
const VIEWS = [
  {
    id: '00000000-0000-0000-00aa-000010001002',
    name: 'Active Accounts',
    table: 'account',
    columns: ['name', 'primarycontactid', 'telephone1'],
  },
  {
    id: '00000000-0000-0000-00aa-000010003001',
    name: 'Open Opportunities',
    table: 'opportunity',
    columns: ['name', 'estimatedvalue', 'estimatedclosedate'],
  },
]

/** Inserts the views of the tables that are there. */
export function seedViews(database: Database, insert: Insert, by: Reference): void {
  const { tables } = database.schema
  if (!tables.has('savedquery')) return
  for (const { id, name, table, columns } of VIEWS) {
    if (!tables.has(table)) continue
    const attributes = columns.map((column) => `<attribute name="${column}" />`).join('')
    const fetchxml = `<fetch version="1.0" output-format="xml-platform" mapping="logical"><entity name="${table}">${attributes}<order attribute="name" descending="false" /><filter type="and"><condition attribute="statecode" operator="eq" value="0" /></filter></entity></fetch>`
    insert('savedquery', { name, fetchxml, returnedtypecode: table, querytype: 0 }, { by, id })
  }
}
