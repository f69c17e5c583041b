import type { EntityType, NavigationProperty, Property } from './model.ts'
import type { Names } from './names.ts'

// XML has no such character, not even escaped: https://www.w3.org/TR/xml/#charsets
const SEPARATOR = '\u0000'

/**
 * What no name holds: after the type of a property that is never null, of one that the service computes;
 * before the property that holds what a navigation property leads to.
 */
export const MARKS = { required: '!', computed: '=', property: '>' } as const

/**
 * What a type is packed from: name and type of each property in turn; name, type and partner of each
 * navigation property, and the property that belongs to it where it has one.
 */
export interface TypeParts extends Omit<EntityType, 'navigation' | 'properties'> {
  readonly propertyFields: readonly string[]
  readonly navigationFields: readonly string[]
}

/**
 * A type whose properties are kept as one text and taken apart when they are asked for: an organization
 * has 50,000 of them, of which hardly any is ever looked at.
 */
export class PackedType implements EntityType {
  readonly name: string
  declare readonly baseType?: string
  readonly abstract: boolean
  readonly open: boolean
  readonly key: readonly string[]
  readonly alternateKeys: readonly (readonly string[])[]
  readonly #properties: string
  readonly #navigation: string
  readonly #names: Names

  constructor(parts: TypeParts, names: Names) {
    this.name = parts.name
    if (parts.baseType !== undefined) this.baseType = parts.baseType
    this.abstract = parts.abstract
    this.open = parts.open
    this.key = parts.key
    this.alternateKeys = parts.alternateKeys
    this.#properties = parts.propertyFields.join(SEPARATOR)
    this.#navigation = parts.navigationFields.join(SEPARATOR)
    this.#names = names
  }

  get properties(): readonly Property[] {
    const fields = split(this.#properties)
    const all: Property[] = []
    for (let at = 1; at < fields.length; at += 2) {
      const [text = '', ...marks] = (fields[at] ?? '').split(/(?=[!=])/)
      all.push({
        name: fields[at - 1] ?? '',
        ...this.#names.type(text),
        nullable: !marks.includes(MARKS.required),
        ...(marks.includes(MARKS.computed) ? { computed: true } : {}),
      })
    }
    return all
  }

  get navigation(): readonly NavigationProperty[] {
    const fields = split(this.#navigation)
    const all: NavigationProperty[] = []
    for (let at = 2; at < fields.length; at += 3) {
      const { type: target, collection } = this.#names.type(fields[at - 1] ?? '')
      const partner = fields[at] ?? ''
      const constraint = fields[at + 1]?.startsWith(MARKS.property) ? fields[at + 1] : undefined
      all.push({
        ...{ name: fields[at - 2] ?? '', target, collection },
        ...(partner === '' ? {} : { partner }),
        ...(constraint === undefined ? {} : { property: constraint.slice(1) }),
      })
      if (constraint !== undefined) at += 1
    }
    return all
  }
}

/** Marks the last property of a type that is being read. */
export function markLast(type: { propertyFields: string[] } | undefined, mark: string): void {
  const last = type?.propertyFields.pop()
  if (last !== undefined) type?.propertyFields.push(last + mark)
}

function split(packed: string): readonly string[] {
  return packed === '' ? [] : packed.split(SEPARATOR)
}
