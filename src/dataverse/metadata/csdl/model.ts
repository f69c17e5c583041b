/**
 * What a `$metadata` document says. Types of the service's own namespace stand without it (`account`),
 * all others with theirs (`Edm.String`).
 */
export interface CsdlModel {
  /** The service's own namespace, such as `Microsoft.Dynamics.CRM`. */
  readonly namespace: string
  readonly entityTypes: ReadonlyMap<string, EntityType>
  readonly complexTypes: ReadonlyMap<string, ComplexType>
  readonly enumTypes: ReadonlyMap<string, EnumType>
  /** Functions and actions; some names stand for several. */
  readonly operations: readonly CsdlOperation[]
  readonly entitySets: ReadonlyMap<string, EntitySet>
  /** The names under which unbound functions and actions are called, and what they call. */
  readonly imports: ReadonlyMap<string, string>
}

/** A type of values with properties. */
export interface ComplexType {
  readonly name: string
  readonly baseType?: string
  readonly abstract: boolean
  /** Whether its values may have properties that no document names. */
  readonly open: boolean
  readonly properties: readonly Property[]
  readonly navigation: readonly NavigationProperty[]
}

/** A type of rows. */
export interface EntityType extends ComplexType {
  /** Empty where a base type has it. */
  readonly key: readonly string[]
  /** Alternate keys, each the properties that it consists of. */
  readonly alternateKeys: readonly (readonly string[])[]
}

/** What has a type. */
export interface Typed {
  readonly type: string
  readonly collection: boolean
  readonly nullable: boolean
}

/** A property of a type. */
export interface Property extends Typed {
  readonly name: string
  /** Given by the service, which refuses a value of the caller's; known with annotations only. */
  readonly computed?: true
}

/** A way to other rows, its name in the service's own case. */
export interface NavigationProperty {
  readonly name: string
  readonly target: string
  readonly collection: boolean
  /** The navigation property that leads back. */
  readonly partner?: string
  /** The property that holds the other row's key, such as `_parentcustomerid_value`. */
  readonly property?: string
}

/** A type with named values. */
export interface EnumType {
  readonly name: string
  /** Whether several of its values may be given at once. */
  readonly flags: boolean
  readonly members: readonly { readonly name: string; readonly value: number }[]
}

/** A function (GET) or an action (POST). */
export interface CsdlOperation {
  readonly kind: 'action' | 'function'
  readonly name: string
  /** Whether it is called on a row or a set: its first parameter. */
  readonly bound: boolean
  readonly parameters: readonly Parameter[]
  readonly returns?: Typed
}

/** What a function or action takes. */
export interface Parameter extends Typed {
  readonly name: string
  readonly optional: boolean
}

/** A set of rows that has an address. */
export interface EntitySet {
  readonly name: string
  readonly entityType: string
  /** The sets that its rows' navigation properties lead to. */
  readonly bindings: ReadonlyMap<string, string>
  /** Known with annotations only. */
  readonly changeTracking?: boolean
}

/** A type with all its base types, itself last. @throws RangeError for one that is not in the model */
export function lineage(model: CsdlModel, name: string): readonly EntityType[] {
  const type = model.entityTypes.get(name)
  if (type === undefined) throw new RangeError(`the model has no entity type ${name}`)
  return type.baseType === undefined ? [type] : [...lineage(model, type.baseType), type]
}

/** Puts a type together with what it has from its base types. */
export function resolveType(model: CsdlModel, name: string): EntityType {
  const all = lineage(model, name)
  const own = all.at(-1)
  return {
    name,
    abstract: own?.abstract ?? false,
    open: all.some((type) => type.open),
    // Activities name their key again, although they have it from their base.
    key: all.findLast((type) => type.key.length > 0)?.key ?? [],
    properties: lastOfName(all.flatMap((type) => type.properties)),
    navigation: lastOfName(all.flatMap((type) => type.navigation)),
    alternateKeys: all.flatMap((type) => type.alternateKeys),
  }
}

function lastOfName<Named extends { readonly name: string }>(
  all: readonly Named[],
): readonly Named[] {
  return [...new Map(all.map((one) => [one.name, one])).values()]
}

/** The set that holds the rows of a type; none for a type that has no address. */
export function entitySetOf(model: CsdlModel, entityType: string): EntitySet | undefined {
  for (const set of model.entitySets.values()) if (set.entityType === entityType) return set
  return undefined
}
