import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addReal } from './distil/add-real.ts'
import { readCommonModel } from './distil/common-model.ts'
import { addressColumns, correct, merge } from './distil/corrections.ts'
import { EVENT_COLUMNS, EVENT_FRAMES } from './distil/event-tables.ts'
import { readExported } from './distil/exported.ts'
import { FILE_COLUMNS } from './distil/file-columns.ts'
import { readOrganization } from './distil/organization-facts.ts'
import type { ColumnFacts } from './distil/shape.ts'
import { ACTIVITY, AUDIT, OWNERSHIP } from './distil/standard-columns.ts'
import { ACTIVITIES, FRAMES, SMALL, UNSERVED } from './distil/table-facts.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  account: 'Account',
  contact: 'Contact',
  opportunity: 'Opportunity',
  systemuser: 'User',
  team: 'Team',
  businessunit: 'BusinessUnit',
  transactioncurrency: 'Currency',
  task: 'Task',
  activitypointer: 'Activity',
  appointment: 'Appointment',
  email: 'Email',
  phonecall: 'PhoneCall',
  activityparty: 'ActivityParty',
}
const TASK_TARGETS = ['account', 'contact', 'lead', 'opportunity']
const NOTE_TARGETS = ['account', 'contact', 'lead', 'opportunity', 'task']

const ORIGINATING_LEAD: ColumnFacts = {
  name: 'originatingleadid',
  schema: 'OriginatingLeadId',
  label: 'Originating Lead',
  type: 'Lookup',
  targets: ['lead'],
}
const ACCOUNT_EXTRA: readonly ColumnFacts[] = [
  ORIGINATING_LEAD,
  {
    name: 'opendeals',
    schema: 'OpenDeals',
    label: 'Open Deals',
    type: 'Integer',
    create: false,
    update: false,
  },
  {
    name: 'openrevenue',
    schema: 'OpenRevenue',
    label: 'Open Revenue',
    type: 'Money',
    create: false,
    update: false,
  },
  ...FILE_COLUMNS,
  {
    name: 'defaultpricelevelid',
    schema: 'DefaultPriceLevelId',
    label: 'Price List',
    type: 'Lookup',
    targets: ['pricelevel'],
  },
  {
    name: 'territoryid',
    schema: 'TerritoryId',
    label: 'Territory',
    type: 'Lookup',
    targets: ['territory'],
  },
]
const OPPORTUNITY_CUSTOMER: ColumnFacts = {
  name: 'customerid',
  schema: 'CustomerId',
  label: 'Potential Customer',
  type: 'Customer',
  required: 'SystemRequired',
  targets: ['account', 'contact'],
}
const REGARDING: ColumnFacts = {
  name: 'regardingobjectid',
  schema: 'RegardingObjectId',
  label: 'Regarding',
  type: 'Lookup',
  targets: TASK_TARGETS,
}

/** Reads the table definitions of a folder and writes the facts that the sandbox serves. */
function distil(folder: string, target: string): void {
  const exported = (file: string, table: string) =>
    readExported(readFileSync(join(folder, 'xrmmockup', file), 'utf8'), table)
  const lead = exported('LeadMetadata.xml', 'lead')
  const note = exported('AnnotationMetadata.xml', 'annotation')
  const model = (table: string): ColumnFacts[] => {
    const file = join(folder, 'cdm', `${ENTITIES[table]}.cdm.json`)
    return readCommonModel(JSON.parse(readFileSync(file, 'utf8')))
  }
  const columnsOf = (table: string): ColumnFacts[] => {
    const small = SMALL[table] ?? EVENT_COLUMNS[table]
    if (small) return merge(small, AUDIT)
    if (table === 'lead') return merge(lead.columns)
    if (table === 'annotation') return merge(note.columns.map(narrowNote))
    return merge(
      special(table, lead.columns),
      model(table),
      AUDIT,
      OWNED.has(table) ? OWNERSHIP : [],
    )
  }
  const served = [...FRAMES, ...EVENT_FRAMES].map((frame) => ({
    ...frame,
    columns: columnsOf(frame.name).map((column) => correct(frame.name, column)),
  }))
  const drafts = ACTIVITIES.map((frame) => ({
    ...frame,
    columns: merge(ACTIVITY, model(frame.name), AUDIT, OWNERSHIP).map((column) =>
      correct(frame.name, column),
    ),
  }))
  const real = readOrganization([...served, ...drafts])
  const { tables, relations, manyToMany } = addReal(served, real, [
    ...lead.relations,
    ...note.relations,
  ])
  const list = (items: readonly unknown[]) =>
    `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`
  writeFileSync(
    target,
    `{"unserved":${JSON.stringify(UNSERVED)},\n"globalChoices":${JSON.stringify({ ...lead.globalChoices, ...note.globalChoices })},\n` +
      `"manyToMany":${list(manyToMany)},\n"tables":${list(tables)},\n"relations":${list(relations)}}\n`,
  )
  console.log(`${tables.length} tables, ${relations.length} relationships -> ${target}`)
}

const OWNED = new Set(['account', 'contact', 'opportunity', 'task'])

function special(table: string, lead: readonly ColumnFacts[]): ColumnFacts[] {
  if (table === 'account') return [...ACCOUNT_EXTRA, ...addressColumns(lead, 2)]
  if (table === 'contact') return [ORIGINATING_LEAD, ...addressColumns(lead, 3)]
  if (table === 'opportunity') return [OPPORTUNITY_CUSTOMER]
  if (table === 'task') return [...ACTIVITY, REGARDING]
  return []
}

function narrowNote(column: ColumnFacts): ColumnFacts {
  return column.name === 'objectid' ? { ...column, targets: NOTE_TARGETS } : column
}

const folder = process.argv[2]
if (!folder) {
  console.error('usage: distil-schema.ts <folder with cdm/ and xrmmockup/>')
  process.exitCode = 2
} else {
  distil(folder, new URL('../data/tables.json', import.meta.url).pathname)
}
