import fc from 'fast-check'
import type { CsdlOperation, NavigationProperty, Property } from '../../src/dataverse/index.ts'

/** A part of a model, in the order of its document. */
export interface SmallModel {
  readonly types: readonly {
    readonly name: string
    readonly baseType: string | undefined
    readonly key: readonly string[]
    readonly properties: readonly Property[]
    readonly navigation: readonly NavigationProperty[]
    readonly alternateKeys: readonly (readonly string[])[]
  }[]
  readonly sets: readonly {
    readonly name: string
    readonly entityType: string
    readonly bindings: readonly (readonly [string, string])[]
  }[]
  readonly operations: readonly CsdlOperation[]
}

const name = fc.oneof(
  fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,30}$/),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'naïve_größe', '名前', 'a&b<c>"d\'e'),
)
const names = fc.uniqueArray(name, { maxLength: 3 })
const type = fc.oneof(fc.constantFrom('Edm.String', 'Edm.Int32', 'Edm.DateTimeOffset'), name)

const property: fc.Arbitrary<Property> = fc
  .record({ name, type, collection: fc.boolean(), nullable: fc.boolean(), computed: fc.boolean() })
  .map(({ computed, ...rest }) => ({ ...rest, ...(computed ? { computed } : {}) }))

const navigation: fc.Arbitrary<NavigationProperty> = fc.record(
  { name, target: name, collection: fc.boolean(), partner: name, property: name },
  { requiredKeys: ['name', 'target', 'collection'], noNullPrototype: true },
)

const entityType = fc.record({
  key: names,
  properties: fc.array(property, { maxLength: 4 }),
  navigation: fc.array(navigation, { maxLength: 4 }),
  alternateKeys: fc.array(
    names.filter((key) => key.length > 0),
    { maxLength: 2 },
  ),
})

const typed = { type, collection: fc.boolean(), nullable: fc.boolean() }
const parameter = fc.record({ name, ...typed, optional: fc.boolean() }, { noNullPrototype: true })
const operation: fc.Arbitrary<CsdlOperation> = fc.record(
  {
    kind: fc.constantFrom('action', 'function'),
    name,
    bound: fc.boolean(),
    parameters: fc.array(parameter, { maxLength: 3 }),
    returns: fc.record(typed, { noNullPrototype: true }),
  },
  { requiredKeys: ['kind', 'name', 'bound', 'parameters'], noNullPrototype: true },
)

/** Small models of any shape; each type may build on the one before it. */
export function smallModels(): fc.Arbitrary<SmallModel> {
  return fc
    .record({
      typeNames: fc.uniqueArray(name, { maxLength: 4 }),
      bodies: fc.array(fc.tuple(entityType, fc.boolean()), { minLength: 4, maxLength: 4 }),
      setNames: names,
      bindings: fc.uniqueArray(fc.tuple(name, name), { maxLength: 3, selector: ([path]) => path }),
      operations: fc.array(operation, { maxLength: 3 }),
    })
    .map(({ typeNames, bodies, setNames, bindings, operations }) => ({
      types: typeNames.flatMap((typeName, at) => {
        const body = bodies[at]
        if (body === undefined) return []
        const baseType = body[1] ? typeNames[at - 1] : undefined
        return [{ name: typeName, baseType, ...body[0] }]
      }),
      sets: setNames.map((set) => ({ name: set, entityType: typeNames[0] ?? 'none', bindings })),
      operations,
    }))
}

/** Writes a model as a `$metadata` document. */
export function toXml(model: SmallModel): string {
  const container = model.sets.map(
    (set) =>
      `<EntitySet${attributes({ Name: set.name, EntityType: `N.${set.entityType}` })}>${set.bindings
        .map(([Path, Target]) => `<NavigationPropertyBinding${attributes({ Path, Target })}/>`)
        .join('')}</EntitySet>`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="N" Alias="n" xmlns="http://docs.oasis-open.org/odata/ns/edm">
${model.types.map(typeXml).join('\n')}
${model.operations.map(operationXml).join('\n')}
<EntityContainer Name="System">${container.join('')}</EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`
}

function typeXml(one: SmallModel['types'][number]): string {
  const base = one.baseType === undefined ? {} : { BaseType: `n.${one.baseType}` }
  const refs = one.key.map((key) => `<PropertyRef${attributes({ Name: key })}/>`)
  const properties = one.properties.map((each) => {
    const own = { Name: each.name, ...typeAttributes(each) }
    const computed = each.computed ? '<Annotation Term="Org.OData.Core.V1.Computed"/>' : ''
    return `<Property${attributes(own)}>${computed}</Property>`
  })
  const navigation = one.navigation.map((each) => {
    const { name: Name, target, collection, partner, property: own } = each
    const Type = wrapped(`n.${target}`, collection)
    const Partner = partner === undefined ? {} : { Partner: partner }
    const constraint =
      own === undefined
        ? ''
        : `<ReferentialConstraint${attributes({ Property: own, ReferencedProperty: 'id' })}/>`
    return `<NavigationProperty${attributes({ Name, Type, ...Partner })}>${constraint}</NavigationProperty>`
  })
  return `<EntityType${attributes({ Name: one.name, ...base })}><Key>${refs.join('')}</Key>${properties.join('')}${navigation.join('')}${one.alternateKeys.length === 0 ? '' : alternateKeysXml(one.alternateKeys)}</EntityType>`
}

function alternateKeysXml(keys: readonly (readonly string[])[]): string {
  const records = keys.map((columns) => {
    const refs = columns.map(
      (column) =>
        `<Record Type="Keys.PropertyRef"><PropertyValue${attributes({ Property: 'Alias', String: column })}/><PropertyValue${attributes({ Property: 'Name', PropertyPath: column })}/></Record>`,
    )
    return `<Record Type="Keys.AlternateKey"><PropertyValue Property="Key"><Collection>${refs.join('')}</Collection></PropertyValue></Record>`
  })
  return `<Annotation Term="Keys.AlternateKeys"><Collection>${records.join('')}</Collection></Annotation>`
}

function operationXml({ kind, name: Name, bound, parameters, returns }: CsdlOperation): string {
  const element = kind === 'action' ? 'Action' : 'Function'
  const own = { Name, ...(bound ? { IsBound: 'true' } : {}) }
  const inner = parameters.map((each) => {
    const optional = each.optional ? '<Annotation Term="Org.OData.Core.V1.OptionalParameter"/>' : ''
    return `<Parameter${attributes({ Name: each.name, ...typeAttributes(each) })}>${optional}</Parameter>`
  })
  const returned =
    returns === undefined ? '' : `<ReturnType${attributes(typeAttributes(returns))}/>`
  return `<${element}${attributes(own)}>${inner.join('')}${returned}</${element}>`
}

function typeAttributes(of: { type: string; collection: boolean; nullable: boolean }) {
  const Type = wrapped(of.type.startsWith('Edm.') ? of.type : `n.${of.type}`, of.collection)
  return { Type, ...(of.nullable ? {} : { Nullable: 'false' }) }
}

function wrapped(typeName: string, collection: boolean): string {
  return collection ? `Collection(${typeName})` : typeName
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => ` ${key}="${value.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)}"`)
    .join('')
}
