import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createGunzip } from 'node:zlib'
import ts from 'typescript'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import type { Column } from '../metadata/column.ts'
import { pickTables } from '../metadata/csdl/pick-tables.ts'
import { readModel } from '../metadata/csdl/read-model.ts'
import { tableOfModel } from '../metadata/csdl/table-of-model.ts'
import type { TableDefinition } from '../metadata/table.ts'
import { writeTypes } from './write-types.ts'

const root = join(import.meta.dirname, '../../..')
const ORGANIZATION = join(root, 'sandbox/test/data/organization.edmx.gz')

const column = (logicalName: string, type: Column['type'], more: Partial<Column> = {}): Column => ({
  ...{ logicalName, schemaName: logicalName, type, required: 'none' },
  ...{ readable: true, creatable: true, updatable: true },
  ...more,
})

const boat: TableDefinition = {
  ...{ logicalName: 'new_boat', schemaName: 'new_Boat', label: 'Boat */ “x”\n', intersect: false },
  ...{ entitySetName: 'new_boats', primaryIdColumn: 'new_boatid', isActivity: false },
  ...{ changeTracking: true, optimisticConcurrency: true },
  columns: [
    column('new_boatid', 'uniqueidentifier', { updatable: false }),
    column('new_name', 'string', { label: "It's a `$x` \\ */ name", maxLength: 100 }),
    column('new_weight', 'decimal', { minValue: 0, maxValue: 10 }),
    column('new_launched', 'datetime', { dateBehavior: 'dateOnly' }),
    column('new_sailable', 'boolean', { choices: [{ value: 0 }, { value: 1 }] }),
    column('createdon', 'datetime', { creatable: false, updatable: false }),
    column('new_kind', 'choice', {
      choices: [
        { value: -1, label: 'Other\'s \u2028 "kind"' },
        { value: 100_000_000, label: 'Sloop' },
      ],
    }),
    column('new_flags', 'choices', { choices: [{ value: 1, label: 'Fast' }] }),
    column('new_kindname', 'virtual', { attributeOf: 'new_kind' }),
    column('new_hidden', 'string', { readable: false }),
    column('new_ownerid', 'customer', {
      targets: ['contact', 'account'],
      navigation: [
        { property: 'new_OwnerId_account', target: 'account' },
        { property: 'new_OwnerId_contact', target: 'contact' },
      ],
    }),
    column('new_dock', 'lookup', {
      targets: ['new_boat'],
      navigation: [{ property: 'new_Dock', target: 'new_boat' }],
    }),
  ],
  keys: [
    { logicalName: 'new_bynumber', columns: ['new_name', 'new_kind'], active: true },
    { logicalName: 'new_unready', columns: ['new_weight'], active: false },
  ],
  oneToMany: [
    {
      ...{ schemaName: 'new_Boat_Boats', property: 'new_Boat_Boats' },
      ...{ target: 'new_boat', column: 'new_dock' },
    },
  ],
  manyToMany: [],
}

// A name that TypeScript keeps, one that begins with a digit, and one that is like another's.
const odd = (logicalName: string, schemaName: string): TableDefinition => ({
  ...boat,
  logicalName,
  schemaName,
  label: schemaName,
})
const oddities = [odd('class', 'class'), odd('a2', '2nd table'), odd('new_boat2', 'new_Boat')]

const USE = `
import type { DataverseClient } from '../../src/dataverse/index.ts'
import { New_Boat, New_Boat_new_kind, type New_BoatCreate, type New_BoatUpdate } from './types.ts'
import { Account } from './organization.ts'

export async function use(client: DataverseClient): Promise<string[]> {
  const found: string[] = []
  for await (const boat of client.rows<New_Boat>(New_Boat.entitySet)) {
    const kind: -1 | 100_000_000 | null | undefined = boat.new_kind
    if (kind !== null && kind !== undefined) found.push(New_Boat_new_kind[kind])
    const table: 'account' | 'contact' | undefined =
      boat['_new_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname']
    found.push(boat.new_boatid, boat['new_weight@OData.Community.Display.V1.FormattedValue'] ?? '')
    found.push(table ?? '', ...(boat.new_Boat_Boats ?? []).map((one) => one.new_boatid))
    // @ts-expect-error: a lookup is read under another name
    found.push(boat.new_ownerid)
    // @ts-expect-error: its case is the service's
    found.push(boat.new_dock)
    found.push(boat.new_Dock?.new_name ?? '')
    // @ts-expect-error: it cannot be read
    found.push(boat.new_hidden)
  }
  for await (const account of client.rows<Account>('accounts')) found.push(account.accountid)
  const { name } = await client.row<Account>('accounts', found[0] ?? '')
  return [...found, name ?? '', ...New_Boat.keys.new_bynumber]
}
export const created: New_BoatCreate = {
  new_kind: 'Sloop',
  new_flags: [1, 'Fast'],
  new_ownerid: { table: 'contact', id: 'x' },
  new_dock: { table: 'new_boat', key: { new_name: 'x' } },
  'new_OwnerId_account@odata.bind': '/accounts(x)',
}
export const updated: New_BoatUpdate = { new_kind: -1, new_name: null, new_ownerid: null }
// @ts-expect-error: the service sets it
export const wrong: New_BoatCreate = { createdon: '2026-01-01' }
// @ts-expect-error: the id does not change
export const moved: New_BoatUpdate = { new_boatid: 'x' }
// @ts-expect-error: a lookup leads to what it may lead to
export const lost: New_BoatCreate = { new_ownerid: { table: 'task', id: 'x' } }
`

test('what is written compiles under the strictest settings, and lets nothing wrong through', async () => {
  await mkdir(join(root, 'build'), { recursive: true })
  await using folder = await temporaryFolder(join(root, 'build'))
  const model = await readModel(createReadStream(ORGANIZATION).pipe(createGunzip()))
  const names = ['account', 'contact', 'task', 'systemuser']
  pickTables(model, names)
  const real = names.map((name) => tableOfModel(model, name))
  const files = {
    'types.ts': writeTypes([boat, ...oddities], { source: 'https://org1.crm4.dynamics.com' }),
    'organization.ts': writeTypes(real, { source: 'a document' }),
    'use.ts': USE,
  }
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder.path, file), text)
  assert.deepEqual(complaints(Object.keys(files).map((file) => join(folder.path, file))), [])
})

test('the same definitions give the same text, in whatever order they come', () => {
  const backwards = [...oddities, boat].map((table) => ({
    ...table,
    columns: table.columns.toReversed(),
    keys: table.keys.toReversed(),
  }))
  const options = { source: 'here' }
  const text = writeTypes([boat, ...oddities], options)
  assert.equal(writeTypes(backwards.toReversed(), options), text)
  assert.doesNotMatch(text, /new_unready|new_kindname|2026/)
})

function complaints(files: readonly string[]): readonly string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const program = ts.createProgram(files, {
    ...options,
    noEmit: true,
    allowImportingTsExtensions: true,
  })
  const all = files.flatMap((file) => {
    const source = program.getSourceFile(file)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
  })
  return all.map(({ file, start = 0, messageText }) => {
    const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1
    return `${file?.fileName}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
}
