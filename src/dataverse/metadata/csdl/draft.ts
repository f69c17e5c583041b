import type {
  ComplexType,
  CsdlModel,
  CsdlOperation,
  EntitySet,
  EntityType,
  EnumType,
  Parameter,
} from './model.ts'
import { Names } from './names.ts'
import type { TypeParts } from './packed-type.ts'

type Drafted<Kind> = {
  -readonly [Key in keyof Kind]: Kind[Key] extends readonly (infer Item)[] ? Item[] : Kind[Key]
}

/** A model that is being read: what is whole, and what is open just now. */
export interface Draft {
  readonly names: Names
  namespace: string | undefined
  /** Before the names of another namespace than the service's own. */
  prefix: string
  readonly entityTypes: Map<string, EntityType>
  readonly complexTypes: Map<string, ComplexType>
  readonly enumTypes: Map<string, EnumType>
  readonly operations: CsdlOperation[]
  readonly entitySets: Map<string, EntitySet>
  readonly imports: Map<string, string>
  type: Drafted<TypeParts> | undefined
  /** Whether a property is open, the last of the type. */
  inProperty: boolean
  enumType: Drafted<EnumType> | undefined
  operation: Drafted<CsdlOperation> | undefined
  parameter: Drafted<Parameter> | undefined
  set: Drafted<Omit<EntitySet, 'bindings'>> | undefined
  /** The paths and sets of its bindings in turn. */
  bindings: string[]
  /** The term of the annotation that is open. */
  term: string
}

/** The attributes of an element. */
export type Attributes = Readonly<Record<string, string>>

/** What is done where an element begins, and where it ends. */
export interface ElementReader {
  /** @throws RangeError where it lacks what it must have */
  open(draft: Draft, attributes: Attributes): void
  close?(draft: Draft): void
}

/** The readers of elements by their names. */
export type Elements = Readonly<Record<string, ElementReader>>

/** Begins a model. */
export function createDraft(): Draft {
  return {
    names: new Names(),
    namespace: undefined,
    prefix: '',
    entityTypes: new Map(),
    complexTypes: new Map(),
    enumTypes: new Map(),
    operations: [],
    entitySets: new Map(),
    imports: new Map(),
    type: undefined,
    inProperty: false,
    enumType: undefined,
    operation: undefined,
    parameter: undefined,
    set: undefined,
    bindings: [],
    term: '',
  }
}

/** Ends a model. @throws RangeError for base types that are missing or go in a circle */
export function finishDraft(draft: Draft): CsdlModel {
  const { namespace, entityTypes, complexTypes, enumTypes } = draft
  if (namespace === undefined) throw new RangeError('it has no schema')
  checkBases(entityTypes)
  checkBases(complexTypes)
  const { operations, entitySets, imports } = draft
  return { namespace, entityTypes, complexTypes, enumTypes, operations, entitySets, imports }
}

function checkBases(types: ReadonlyMap<string, ComplexType>): void {
  const sound = new Set<string>()
  for (const start of types.values()) {
    const way = new Set<string>()
    let type = start
    while (!sound.has(type.name)) {
      if (way.has(type.name)) throw new RangeError(`${shown(type.name)} is its own base type`)
      way.add(type.name)
      if (type.baseType === undefined) break
      const base = types.get(type.baseType)
      if (base === undefined) {
        throw new RangeError(`the base type ${shown(type.baseType)} is missing`)
      }
      type = base
    }
    for (const name of way) sound.add(name)
  }
}

/** An attribute that an element must have. @throws RangeError */
export function required(attributes: Attributes, name: string, element: string): string {
  const value = attributes[name]
  if (value === undefined || value === '') throw new RangeError(`a ${element} lacks its ${name}`)
  return value
}

/** A name as it may be quoted in an error. */
export function shown(name: string): string {
  return name.length <= 100 ? name : `${name.slice(0, 100)}…`
}
