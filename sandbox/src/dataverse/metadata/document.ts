import type { Answer } from '../../exchange.ts'
import { notSupported, wrongMethod } from '../fault.ts'
import { permitOptions } from '../http/permitted-options.ts'
import type { Request } from '../request.ts'
import type { Column, Schema, Single, Table } from '../schema/model.ts'
import { OPERATION_IMPORTS, OPERATION_TYPES } from './operation-types.ts'

const HEAD = `<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:Reference Uri="http://vocabularies.odata.org/OData.Community.Keys.V1.xml"><edmx:Include Namespace="OData.Community.Keys.V1" Alias="Keys" /><edmx:IncludeAnnotations TermNamespace="OData.Community.Keys.V1" /></edmx:Reference><edmx:Reference Uri="http://vocabularies.odata.org/OData.Community.Display.V1.xml"><edmx:Include Namespace="OData.Community.Display.V1" Alias="Display" /><edmx:IncludeAnnotations TermNamespace="OData.Community.Display.V1" /></edmx:Reference><edmx:DataServices><Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">`
const TAIL = '</Schema></edmx:DataServices></edmx:Edmx>'
const ROOTS =
  '<EntityType Name="crmbaseentity" Abstract="true" /><EntityType Name="expando" BaseType="mscrm.crmbaseentity" OpenType="true" /><EntityType Name="crmmodelbaseentity" Abstract="true" />'
/** What the service writes beside a type. */
const FACETS: Readonly<Record<string, string>> = {
  'Edm.String': ' Unicode="false"',
  'Edm.Decimal': ' Scale="Variable"',
}

/** Answers with the CSDL document of the tables served. */
export function answerMetadata(request: Request): Answer {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw wrongMethod(request.method)
  permitOptions(request, ['annotations'])
  const asked = request.options.sent.some(({ name }) => name === 'annotations')
  if (asked || request.preferences.anyAnnotations) {
    throw notSupported('annotations in $metadata')
  }
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: request.database.schema.source?.text ?? writeDocument(request.database.schema),
  }
}

/** Writes the CSDL 4.0 document. */
function writeDocument(schema: Schema): string {
  const tables = [...schema.tables.values()]
  const types = tables
    .filter(({ name }) => name !== 'activitypointer')
    .map((table) => entityType(schema, table))
  return (
    HEAD +
    ROOTS +
    principal(schema) +
    activity(schema) +
    types.join('') +
    OPERATION_TYPES +
    container(schema) +
    TAIL
  )
}

function entityType(schema: Schema, table: Table): string {
  const base = table.base ? `mscrm.${table.base}` : 'mscrm.crmbaseentity'
  const isActivity = table.base === 'activitypointer'
  const key = table.base === 'principal' ? 'ownerid' : table.id.name
  const shared = isActivity ? schema.tables.get('activitypointer')?.byName : undefined
  const own = table.columns.filter(({ name }) => !shared?.has(name))
  return (
    `<EntityType Name="${table.name}" BaseType="${base}"><Key><PropertyRef Name="${key}" /></Key>` +
    own.map((column) => propertyTag(column)).join('') +
    singles(schema, table) +
    collections(table) +
    alternateKeys(table) +
    '</EntityType>'
  )
}

function principal(schema: Schema): string {
  const owned = schema.relations
    .filter(({ one }) => one === 'owner')
    .map(({ oneNavigation, many, manyNavigation }) =>
      navigation(oneNavigation, `Collection(mscrm.${many})`, manyNavigation),
    )
  return `<EntityType Name="principal" BaseType="mscrm.crmbaseentity" Abstract="true"><Key><PropertyRef Name="ownerid" /></Key><Property Name="ownerid" Type="Edm.Guid" />${owned.join('')}</EntityType>`
}

function activity(schema: Schema): string {
  const base = schema.tables.get('activitypointer')
  if (!base) return ''
  return (
    '<EntityType Name="activitypointer" BaseType="mscrm.crmbaseentity" Abstract="true"><Key><PropertyRef Name="activityid" /></Key>' +
    base.columns.map((column) => propertyTag(column)).join('') +
    singles(schema, base) +
    collections(base) +
    '</EntityType>'
  )
}

/** Declares a column; empty where it has no value of its own on the wire. */
export function propertyTag(column: Column): string {
  if (column.type === 'Virtual' || column.type === 'PartyList') return ''
  // Documents of real organizations call files binary too, though their values are ids.
  const type = column.type === 'File' ? 'Edm.Binary' : column.edm
  return `<Property Name="${column.property}" Type="${type}"${FACETS[type] ?? ''} />`
}

/** An activity type's inherited navigation properties stand in its base, its own in itself. */
function singles(schema: Schema, table: Table): string {
  return [...table.singles.values()]
    .filter(({ relation }) => relation.many === table.name)
    .map((single) => lookup(schema, table, single))
    .join('')
}

/** A constraint stands only between properties that both types declare themselves, not their bases. */
function lookup(schema: Schema, table: Table, { name, target, column, relation }: Single): string {
  const toOwner = target === 'owner'
  const partner = relation.oneNavigation === '' ? '' : ` Partner="${relation.oneNavigation}"`
  const tag = `<NavigationProperty Name="${name}" Type="mscrm.${toOwner ? 'principal' : target}" Nullable="false"${partner}`
  const led = toOwner ? undefined : schema.tables.get(target)
  const key = led?.id.name ?? 'ownerid'
  if (isInherited(schema, table, column) || (led && isInherited(schema, led, led.id)))
    return `${tag} />`
  return `${tag}><ReferentialConstraint Property="${column.property}" ReferencedProperty="${key}" /></NavigationProperty>`
}

function isInherited(schema: Schema, { base }: Table, column: Column): boolean {
  return base !== undefined && (schema.tables.get(base)?.byName.has(column.name) ?? false)
}

function collections(table: Table): string {
  return [...table.collections.values()]
    .filter(({ relation }) => relation === undefined || relation.one === table.name)
    .map(({ name, table: many, partner }) => navigation(name, `Collection(mscrm.${many})`, partner))
    .join('')
}

function navigation(name: string, type: string, partner: string): string {
  return `<NavigationProperty Name="${name}" Type="${type}" Partner="${partner}" />`
}

/** The annotation that tells a table's alternate keys; empty where it has none. */
export function alternateKeys(table: Table): string {
  if (table.keys.length === 0) return ''
  const records = table.keys.map((key) => {
    const parts = key.columns.map(
      ({ property: name }) =>
        `<Record Type="Keys.PropertyRef"><PropertyValue Property="Alias" String="${name}" /><PropertyValue Property="Name" PropertyPath="${name}" /></Record>`,
    )
    return `<Record Type="Keys.AlternateKey"><PropertyValue Property="Key"><Collection>${parts.join('')}</Collection></PropertyValue></Record>`
  })
  return `<Annotation Term="Keys.AlternateKeys"><Collection>${records.join('')}</Collection></Annotation>`
}

function container(schema: Schema): string {
  const sets = [...schema.tables.values()].map((table) => {
    const bindings = [
      ...[...table.singles.values()].map(({ name, target }) => [name, target] as const),
      ...[...table.collections.values()].map(({ name, table: many }) => [name, many] as const),
    ].flatMap(([path, target]) => {
      const set = schema.tables.get(target)?.set
      return set ? [`<NavigationPropertyBinding Path="${path}" Target="${set}" />`] : []
    })
    const tag = `<EntitySet Name="${table.set}" EntityType="Microsoft.Dynamics.CRM.${table.name}"`
    return bindings.length === 0 ? `${tag} />` : `${tag}>${bindings.join('')}</EntitySet>`
  })
  return `<EntityContainer Name="System">${sets.join('')}${OPERATION_IMPORTS}</EntityContainer>`
}
