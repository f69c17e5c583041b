import assert from 'node:assert/strict'
import { createReadStream, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { createGunzip, gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { type SmallModel, smallModels, toXml } from '../../../../test/support/csdl-documents.ts'
import { DataverseError } from '../../errors/dataverse-error.ts'
import { entitySetOf, lineage, resolveType } from './model.ts'
import { pickTables } from './pick-tables.ts'
import { readModel } from './read-model.ts'

const ORGANIZATION = new URL('../../../../sandbox/test/data/organization.edmx.gz', import.meta.url)

const organization = await readModel(createReadStream(ORGANIZATION).pipe(createGunzip()))

/** Hands a document over in pieces of some bytes. */
async function* pieces(text: string | Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const refused = (found: RegExp) => (error: unknown) => {
  assert.ok(error instanceof DataverseError, String(error))
  assert.equal(error.code, 'metadata_unreadable')
  assert.match(String(error.facts['found']), found)
  assert.ok(Number(error.facts['line']) >= 1 && Number(error.facts['column']) >= 1)
  return true
}

const document = (body: string) =>
  `<edmx:Edmx Version="4.0"><edmx:DataServices><Schema Namespace="N" Alias="n">${body}</Schema></edmx:DataServices></edmx:Edmx>`

test('a real organization’s document is read whole', () => {
  const { entityTypes, complexTypes, enumTypes, entitySets, operations, imports } = organization
  assert.equal(organization.namespace, 'Microsoft.Dynamics.CRM')
  assert.deepEqual(
    [entityTypes.size, complexTypes.size, enumTypes.size, entitySets.size, imports.size],
    [866, 658, 56, 835, 595],
  )
  const kinds = Object.groupBy(operations, ({ kind }) => kind)
  assert.deepEqual([kinds.action?.length, kinds.function?.length], [620, 242])
  let properties = 0
  let navigation = 0
  let constraints = 0
  for (const type of [...entityTypes.values(), ...complexTypes.values()]) {
    properties += type.properties.length
    navigation += type.navigation.length
    constraints += type.navigation.filter(({ property }) => property !== undefined).length
  }
  const bindings = [...entitySets.values()].reduce((sum, set) => sum + set.bindings.size, 0)
  assert.deepEqual([properties, navigation, constraints, bindings], [23_550, 21_914, 9_761, 21_476])
})

test('a lookup’s value leads to its navigation properties, in the service’s own case', () => {
  const contact = resolveType(organization, 'contact')
  const ways = contact.navigation.filter(({ property }) => property === '_parentcustomerid_value')
  assert.deepEqual(ways, [
    {
      name: 'parentcustomerid_account',
      target: 'account',
      collection: false,
      partner: 'contact_customer_accounts',
      property: '_parentcustomerid_value',
    },
    {
      name: 'parentcustomerid_contact',
      target: 'contact',
      collection: false,
      partner: 'contact_customer_contacts',
      property: '_parentcustomerid_value',
    },
  ])
  assert.ok(contact.navigation.some(({ name }) => name === 'Contact_Tasks'))
})

test('a type has what its base types have: a task its activity, a user its principal', () => {
  assert.deepEqual(
    lineage(organization, 'task').map(({ name }) => name),
    ['crmbaseentity', 'activitypointer', 'task'],
  )
  const task = resolveType(organization, 'task')
  assert.deepEqual(task.key, ['activityid'])
  assert.ok(task.properties.some(({ name }) => name === 'subject'))
  assert.deepEqual(resolveType(organization, 'systemuser').key, ['ownerid'])
  const set = entitySetOf(organization, 'task')
  assert.equal(set?.name, 'tasks')
  assert.equal(set?.bindings.get('createdby_task'), 'systemusers')
})

test('alternate keys, enumerations and operations with what they take and give are known', () => {
  const keys = organization.entityTypes.get('appactionmigration')?.alternateKeys
  assert.deepEqual(keys, [['overwritetime', 'name', 'componentstate']])
  const { flags, members } = organization.enumTypes.get('DeletedMetadataFilters') ?? assert.fail()
  assert.deepEqual([flags, members.at(-1)], [true, { name: 'All', value: 31 }])
  const changes = organization.operations.find(({ name }) => name === 'RetrieveMetadataChanges')
  assert.equal(changes?.kind, 'function')
  assert.ok(changes.parameters.every(({ optional }) => optional))
  assert.deepEqual(changes.returns, {
    type: 'RetrieveMetadataChangesResponse',
    collection: false,
    nullable: false,
  })
  const win = organization.operations.find(({ name }) => name === 'WinOpportunity')
  assert.deepEqual(
    win?.parameters.map(({ name, type, nullable }) => [name, type, nullable]),
    [
      ['OpportunityClose', 'opportunityclose', false],
      ['Caller', 'Edm.String', true],
      ['Status', 'Edm.Int32', false],
    ],
  )
})

test('some tables are taken out with their bases, sets and bound operations', () => {
  const picked = pickTables(organization, ['task', 'account'])
  assert.deepEqual([...picked.entityTypes.keys()].toSorted(), [
    'account',
    'activitypointer',
    'crmbaseentity',
    'task',
  ])
  assert.deepEqual([...picked.entitySets.keys()].toSorted(), [
    'accounts',
    'activitypointers',
    'tasks',
  ])
  assert.ok(picked.operations.length > 0 && picked.operations.length < 60)
  assert.throws(
    () => pickTables(organization, ['acount']),
    (error) => error instanceof DataverseError && /account/.test(error.explanation.remedy),
  )
})

test('any small model comes out of its document as it went in, however it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(smallModels(), fc.integer({ min: 1, max: 200 }), async (small, size) => {
      const model = await readModel(pieces(toXml(small), size))
      const found: SmallModel = {
        types: [...model.entityTypes.values()].map(
          ({ name, baseType, key, properties, navigation, alternateKeys }) => ({
            name,
            baseType,
            key,
            properties,
            navigation,
            alternateKeys,
          }),
        ),
        sets: [...model.entitySets.values()].map(({ name, entityType, bindings }) => ({
          name,
          entityType,
          bindings: [...bindings],
        })),
        operations: model.operations,
      }
      assert.deepEqual(found, small)
    }),
    { numRuns: 200 },
  )
})

test('computed columns and change tracking are known where the document tells them', async () => {
  const model = await readModel(
    pieces(
      document(`<EntityType Name="a"><Property Name="x" Type="Edm.String">
        <Annotation Term="Org.OData.Core.V1.Computed" Bool="true"/></Property>
        <Property Name="y" Type="Edm.String" Nullable="false"/></EntityType>
        <EntityContainer Name="System"><EntitySet Name="as" EntityType="n.a">
        <Annotation Term="Org.OData.Capabilities.V1.ChangeTracking"><Record>
        <PropertyValue Property="Supported" Bool="true"/></Record></Annotation>
        </EntitySet></EntityContainer>`),
    ),
  )
  assert.deepEqual(model.entityTypes.get('a')?.properties, [
    { name: 'x', type: 'Edm.String', collection: false, nullable: true, computed: true },
    { name: 'y', type: 'Edm.String', collection: false, nullable: false },
  ])
  assert.equal(model.entitySets.get('as')?.changeTracking, true)
})

test('a document cut anywhere is refused with its place, never taken for a small one', async () => {
  const whole = document('<EntityType Name="é"><Property Name="x" Type="Edm.String"/></EntityType>')
  const bytes = new TextEncoder().encode(whole)
  for (let length = 0; length < bytes.length; length += 1) {
    await assert.rejects(readModel(pieces(bytes.subarray(0, length))), refused(/./), `${length}`)
  }
  const real = gunzipSync(readFileSync(ORGANIZATION))
  const half = real.subarray(0, real.length / 2)
  await assert.rejects(readModel(pieces(half, 65_536)), refused(/unclosed|tag/))
})

const foreign: readonly (readonly [what: string, text: string, found: RegExp])[] = [
  ['a page of a proxy', '<!DOCTYPE html><html><body>Sign in</body></html>', /document type/],
  ['a page without a document type', '<html><head></head></html>', /begins with <html>/],
  ['JSON', '{"error":{"code":"0x80040216"}}', /./],
  ['OData 2', '<edmx:Edmx Version="1.0"></edmx:Edmx>', /CSDL “1.0”, not 4.0/],
  ['no schema', '<edmx:Edmx Version="4.0"></edmx:Edmx>', /no schema/],
  ['nothing', '', /./],
  ['a type without a name', document('<EntityType/>'), /EntityType lacks its Name/],
  [
    'a property without a type',
    document('<EntityType Name="a"><Property Name="x"/></EntityType>'),
    /Property lacks its Type/,
  ],
  ['a missing base', document('<EntityType Name="a" BaseType="n.b"/>'), /base type b is missing/],
  [
    'bases in a circle',
    document('<EntityType Name="a" BaseType="n.b"/><EntityType Name="b" BaseType="n.a"/>'),
    /its own base type/,
  ],
  ['elements without end', document('<a>'.repeat(100)), /nested too deep/],
  [
    'entities that multiply',
    `<!DOCTYPE e [<!ENTITY a "${'x'.repeat(100)}"><!ENTITY b "&a;&a;">]>${document('&b;')}`,
    /document type/,
  ],
  ['an unknown entity', document('<EntityType Name="&b;"/>'), /entity/],
]
for (const [what, text, found] of foreign) {
  test(`${what} is refused`, async () => {
    await assert.rejects(readModel(pieces(text)), refused(found))
  })
}

test('what is not UTF-8 is refused', async () => {
  const utf16 = Buffer.from(`\ufeff${document('')}`, 'utf16le')
  await assert.rejects(readModel(pieces(utf16)), refused(/UTF-8/))
})

test('a name, a comment or a document type that never ends is refused before it fills the memory', async () => {
  for (const begin of ['<edmx:Edmx Version="4.0', '<!-- ', '<!DOCTYPE ', '<edmx']) {
    let given = 0
    const endless = async function* () {
      yield new TextEncoder().encode(begin)
      const chunk = new Uint8Array(65_536).fill(120)
      for (; given < 2 ** 28; given += chunk.length) yield chunk
    }
    await assert.rejects(readModel(endless()), refused(/no end/))
    assert.ok(given < 2 ** 21, `${begin} was read for ${given} bytes`)
  }
})

test('reading ends with its signal', async () => {
  const signal = AbortSignal.abort()
  await assert.rejects(readModel(pieces(document('')), { signal }), { name: 'AbortError' })
})
