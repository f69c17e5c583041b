import type { RelationFacts, SchemaFacts, TableFacts } from '../facts.ts'
import { inferColumn } from './infer-column.ts'
import { findManyToMany } from './many-to-many.ts'
import type { CsdlDocument, CsdlNavigation, CsdlProperty, CsdlType } from './read-document.ts'

const ROOT = 'crmbaseentity'
const BASES = new Set([ROOT, 'activitypointer', 'principal'])
/** The first type code of tables that nobody knows; the document does not tell them. */
const FIRST_CODE = 20_000
const RESTRICTED = new Set(['businessunit', 'transactioncurrency'])

/** Makes table facts of an organization's document, filled in with what is known of common tables. */
export function factsOfCsdl(document: CsdlDocument, known: SchemaFacts): SchemaFacts {
  const types = new Map(
    document.types
      .filter(({ base, name }) => BASES.has(base) && name !== 'principal')
      .map((type) => [type.name, type]),
  )
  const principal = document.types.find(({ name }) => name === 'principal')
  const manyToMany = findManyToMany(types)
  const between = new Set(manyToMany.map((relation) => relation.between))
  const knownTables = new Map(known.tables.map((table) => [table.name, table]))
  const tables = [...types.values()].flatMap((type, index) => {
    const id = idOf(type, types)
    if (id === undefined) return []
    const facts = tableFacts(type, id, types, knownTables.get(type.name), FIRST_CODE + index)
    const set = document.sets.get(type.name) ?? ''
    return [{ ...facts, set, ...(between.has(type.name) ? { intersect: true } : {}) }]
  })
  return {
    unserved: {},
    manyToMany,
    tables,
    relations: relationsOf(types, principal, known),
    ...(known.globalChoices ? { globalChoices: known.globalChoices } : {}),
  }
}

function idOf(type: CsdlType, types: ReadonlyMap<string, CsdlType>): string | undefined {
  const names = new Set(allProperties(type, types).map(({ name }) => name))
  const wanted = [`${type.name}id`, ...type.key, ...(types.get(type.base)?.key ?? [])]
  return wanted.find((name) => names.has(name))
}

/** A type's own properties, then those of the activity type that it inherits from. */
function allProperties(type: CsdlType, types: ReadonlyMap<string, CsdlType>): CsdlProperty[] {
  const own = new Set(type.properties.map(({ name }) => name))
  const inherited = types.get(type.base)?.properties.filter(({ name }) => !own.has(name)) ?? []
  return [...type.properties, ...inherited]
}

function tableFacts(
  type: CsdlType,
  id: string,
  types: ReadonlyMap<string, CsdlType>,
  known: TableFacts | undefined,
  code: number,
): Omit<TableFacts, 'set'> {
  const properties = allProperties(type, types)
  const columns = new Map((known?.columns ?? []).map((column) => [column.name, column]))
  const around = {
    key: id,
    names: new Set(properties.map(({ name }) => name)),
    targets: targetsOf(type, types),
  }
  const facts = properties.flatMap((property) => {
    const name = /^_(.+)_value$/.exec(property.name)?.[1] ?? property.name
    return inferColumn(property, around, columns.get(name)) ?? []
  })
  const names = new Set(facts.map(({ name }) => name))
  const title = titleOf(type.name, names, known)
  const isActivity = type.base === 'activitypointer'
  return {
    name: type.name,
    schema: known?.schema ?? type.name,
    label: known?.label ?? type.name,
    plural: known?.plural ?? type.name,
    code: known?.code ?? code,
    id,
    owner: known?.owner ?? (names.has('ownerid') ? 'UserOwned' : 'OrganizationOwned'),
    columns: facts,
    keys: keysOf(type, names),
    ...(title === undefined ? {} : { title }),
    ...(type.base === ROOT ? {} : { base: type.base }),
    ...(isActivity ? { activity: true } : {}),
    ...(known?.tracked ? { tracked: true } : {}),
  }
}

function titleOf(
  table: string,
  names: ReadonlySet<string>,
  known: TableFacts | undefined,
): string | undefined {
  const prefix = /^[a-z0-9]+_/.exec(table)?.[0] ?? ''
  const likely = [
    known?.title,
    'fullname',
    'name',
    `${prefix}name`,
    'subject',
    'title',
    'uniquename',
  ]
  return likely.find((name) => name !== undefined && names.has(name))
}

function keysOf(type: CsdlType, names: ReadonlySet<string>): NonNullable<TableFacts['keys']> {
  return type.alternateKeys.flatMap((properties) => {
    const columns = properties.map((one) => /^_(.+)_value$/.exec(one)?.[1] ?? one)
    if (columns.length === 0 || !columns.every((column) => names.has(column))) return []
    const name = `${type.name}_${columns.join('_')}`
    return [{ name, schema: name, label: columns.join(', '), columns }]
  })
}

/** The tables that each lookup leads to, by property. */
function targetsOf(type: CsdlType, types: ReadonlyMap<string, CsdlType>): Map<string, string[]> {
  const targets = new Map<string, string[]>()
  const all = [...type.navigations, ...(types.get(type.base)?.navigations ?? [])]
  for (const navigation of all) {
    const property = lookupOf(type, types, navigation)
    if (property === undefined) continue
    const found = targets.get(property) ?? []
    const led = navigation.target === 'principal' ? ['systemuser', 'team'] : [navigation.target]
    for (const target of led) if (!found.includes(target)) found.push(target)
    targets.set(property, found)
  }
  return targets
}

/** Where no constraint names the property, the navigation property's name begins with the lookup's. */
function lookupOf(
  type: CsdlType,
  types: ReadonlyMap<string, CsdlType>,
  { name, many, constraint }: CsdlNavigation,
): string | undefined {
  if (many) return undefined
  if (constraint !== undefined) return constraint
  return allProperties(type, types).find(({ name: property }) => {
    const lookup = /^_(.+)_value$/.exec(property)?.[1]
    return lookup !== undefined && (name === lookup || name.startsWith(`${lookup}_`))
  })?.name
}

function relationsOf(
  types: ReadonlyMap<string, CsdlType>,
  principal: CsdlType | undefined,
  known: SchemaFacts,
): RelationFacts[] {
  const rules = new Map(known.relations.map((relation) => [relation.schema, relation.onDelete]))
  const owned = new Set(principal?.navigations.map(({ name }) => name))
  return [...types.values()].flatMap((type) =>
    type.navigations.flatMap((navigation) => {
      const property = lookupOf(type, types, navigation)
      const column = property && /^_(.+)_value$/.exec(property)?.[1]
      const { target, name, partner } = navigation
      const one = target === 'principal' ? 'owner' : target
      if (column === undefined || (one !== 'owner' && !types.has(one))) return []
      const schema = partner.replace(/^Referenced(?=.)/, '') || `${type.name}_${name}`
      const onDelete = rules.has(schema) ? rules.get(schema) : guessOnDelete(one, column)
      const oneNav = one === 'owner' && !owned.has(partner) ? '' : partner
      return [
        {
          schema,
          one,
          many: type.name,
          column,
          manyNav: name,
          oneNav,
          ...(onDelete === undefined ? {} : { onDelete }),
        },
      ]
    }),
  )
}

/** The document does not say what follows a deletion; these are the rules of the common tables. */
function guessOnDelete(one: string, column: string): RelationFacts['onDelete'] {
  if (/^(regardingobjectid|objectid|activityid)$/.test(column)) return 'Cascade'
  if (
    /^(createdby|modifiedby|createdonbehalfby|modifiedonbehalfby|owninguser|owningteam)$/.test(
      column,
    )
  )
    return 'NoCascade'
  return RESTRICTED.has(one) ? 'Restrict' : undefined
}
