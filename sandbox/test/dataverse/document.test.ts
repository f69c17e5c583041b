import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { before, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { createRig } from './rig.ts'

/*
 * The built-in tables' document beside that of a real organization. Which columns
 * there are differs; how they are written, and what relationships are called, does not.
 */

/** The distilled definitions keep these as plain ids and text. */
const OTHER: ReadonlySet<string> = new Set([
  'businessunit.organizationid',
  'transactioncurrency.organizationid',
  'asyncoperation.correlationid',
])

interface EntityType {
  readonly head: string
  readonly key: string
  /** Tags of properties and navigation properties, by name. */
  readonly members: ReadonlyMap<string, string>
}

let [built, real] = [new Map<string, EntityType>(), new Map<string, EntityType>()]
let text = ''
let realText = ''

before(async () => {
  const rig = createRig({ accounts: 0, contacts: 0 })
  text = (await rig.call('$metadata', { headers: { accept: 'application/xml' } })).text
  built = typesOf(text)
  const file = new URL('../data/organization.edmx.gz', import.meta.url)
  realText = gunzipSync(readFileSync(file)).toString('utf8')
  real = typesOf(realText)
})

function typesOf(document: string): Map<string, EntityType> {
  const types = document.matchAll(/<EntityType ([^>]*?)(?: \/>|>(.*?)<\/EntityType>)/gs)
  return new Map(
    [...types].map(([, head = '', body = '']) => {
      const members = body.matchAll(
        /<(?:Navigation)?Property Name="([^"]+)"[^>]*?(?:\/>|>.*?<\/NavigationProperty>)/gs,
      )
      const tags = [...members].map(([tag, name = '']) => [name, tag] as const)
      const key = /<Key>.*?<\/Key>/s.exec(body)?.[0] ?? ''
      return [/Name="([^"]+)"/.exec(head)?.[1] ?? '', { head, key, members: new Map(tags) }]
    }),
  )
}

function shared(): [name: string, ours: EntityType, theirs: EntityType][] {
  return [...built].flatMap(([name, ours]) => {
    const theirs = real.get(name)
    return theirs ? [[name, ours, theirs] as [string, EntityType, EntityType]] : []
  })
}

test('types have the base and the key that a real document gives them', () => {
  assert.ok(shared().length > 20)
  for (const [name, ours, theirs] of shared()) {
    assert.deepEqual([name, ours.head, ours.key], [name, theirs.head, theirs.key])
  }
})

test('properties and navigation properties are written as in a real document', () => {
  let compared = 0
  for (const [name, ours, theirs] of shared()) {
    for (const [member, tag] of ours.members) {
      const expected = theirs.members.get(member)
      if (expected === undefined || OTHER.has(`${name}.${member}`)) continue
      compared += 1
      assert.equal(`${name}: ${tag}`, `${name}: ${expected}`)
    }
  }
  assert.ok(compared > 1000)
})

test('operations, and the types that only they need, are declared as in a real document', () => {
  const declared = /<(Function|Action|ComplexType|EnumType) Name="[^"]+".*?<\/\1>/g
  // Newer than the document is what a download tells of chunks.
  const newer = /<Property Name="IsChunkingSupported" Type="Edm.Boolean" \/>/
  const ours = [...text.matchAll(declared)].map(([tag]) => tag.replace(newer, ''))
  assert.ok(ours.length > 20)
  for (const tag of ours) assert.ok(realText.includes(tag), tag)
})

test('every type and operation that the document names is one that it declares', () => {
  const declarations = /<(?:EntityType|ComplexType|EnumType|Function|Action) Name="([^"]+)"/g
  const declared = new Set([...text.matchAll(declarations)].map(([, name]) => name))
  const named = [...text.matchAll(/(?:mscrm|Microsoft\.Dynamics\.CRM)\.(\w+)[")]/g)]
  const unknown = named.map(([, name]) => name).filter((name) => !declared.has(name))
  assert.deepEqual(unknown, [])
})
