import { SaxesParser, type SaxesTagPlain } from 'saxes'

export interface CsdlProperty {
  readonly name: string
  readonly type: string
}

export interface CsdlNavigation {
  readonly name: string
  readonly target: string
  readonly many: boolean
  readonly partner: string
  /** The property that holds the key of the row it leads to. */
  readonly constraint?: string
}

export interface CsdlType {
  readonly name: string
  readonly base: string
  readonly key: string[]
  readonly properties: CsdlProperty[]
  readonly navigations: CsdlNavigation[]
  /** The properties of each alternate key. */
  readonly alternateKeys: string[][]
}

/** What the sandbox needs of a CSDL document. */
export interface CsdlDocument {
  readonly types: readonly CsdlType[]
  /** Entity set names by type name. */
  readonly sets: ReadonlyMap<string, string>
}

/**
 * Reads an organization's `$metadata`.
 * @throws Error when it is no XML, or no CSDL document with entity types
 */
export function readCsdl(text: string): CsdlDocument {
  const reader = new CsdlReader()
  const parser = new SaxesParser()
  parser.on('opentag', (tag) => reader.open(tag))
  parser.on('closetag', (tag) => reader.close(tag.name))
  parser.write(text).close()
  if (reader.types.length === 0) throw new Error('it holds no entity types')
  return { types: reader.types, sets: reader.sets }
}

class CsdlReader {
  readonly types: CsdlType[] = []
  readonly sets = new Map<string, string>()
  #type: CsdlType | undefined
  #navigation: { -readonly [Key in keyof CsdlNavigation]: CsdlNavigation[Key] } | undefined
  #alternate = false

  open({ name, attributes }: SaxesTagPlain): void {
    if (name === 'EntityType') this.#openType(attributes)
    else if (name === 'EntitySet') {
      this.sets.set(local(attributes['EntityType'] ?? ''), attributes['Name'] ?? '')
    } else if (this.#type) this.#openPart(this.#type, name, attributes)
  }

  close(name: string): void {
    if (name === 'EntityType') this.#type = undefined
    else if (name === 'Annotation') this.#alternate = false
  }

  #openType(attributes: Readonly<Record<string, string>>): void {
    this.#type = {
      name: attributes['Name'] ?? '',
      base: local(attributes['BaseType'] ?? ''),
      key: [],
      properties: [],
      navigations: [],
      alternateKeys: [],
    }
    this.types.push(this.#type)
  }

  #openPart(type: CsdlType, name: string, attributes: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'PropertyRef':
        type.key.push(attributes['Name'] ?? '')
        return
      case 'Property':
        type.properties.push({ name: attributes['Name'] ?? '', type: attributes['Type'] ?? '' })
        return
      case 'NavigationProperty':
        this.#openNavigation(type, attributes)
        return
      case 'ReferentialConstraint':
        if (this.#navigation) this.#navigation.constraint = attributes['Property'] ?? ''
        return
      case 'Annotation':
        this.#alternate = /(^|\.)Keys(\.V1)?\.AlternateKeys$/.test(attributes['Term'] ?? '')
        return
      default:
        if (this.#alternate) openKeyPart(type, name, attributes)
    }
  }

  #openNavigation(type: CsdlType, attributes: Readonly<Record<string, string>>): void {
    const written = attributes['Type'] ?? ''
    const many = written.startsWith('Collection(')
    this.#navigation = {
      name: attributes['Name'] ?? '',
      target: local(many ? written.slice('Collection('.length, -1) : written),
      many,
      partner: attributes['Partner'] ?? '',
    }
    type.navigations.push(this.#navigation)
  }
}

function openKeyPart(
  type: CsdlType,
  name: string,
  attributes: Readonly<Record<string, string>>,
): void {
  if (name === 'Record' && attributes['Type']?.endsWith('.AlternateKey')) {
    type.alternateKeys.push([])
  } else if (name === 'PropertyValue' && attributes['PropertyPath'] !== undefined) {
    type.alternateKeys.at(-1)?.push(attributes['PropertyPath'])
  }
}

/** The name without its namespace or alias. */
function local(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
