import { type Attributes, type Draft, type Elements, required, shown } from './draft.ts'
import { copied } from './names.ts'
import { MARKS, markLast, PackedType } from './packed-type.ts'

/** The elements that describe types: https://docs.oasis-open.org/odata/odata/v4.0/odata-v4.0-part3-csdl.html */
export const TYPE_ELEMENTS: Elements = {
  EntityType: {
    open: (draft, attributes) => {
      draft.type = typeOf(draft, attributes, 'EntityType')
    },
    close: (draft) => {
      const { type, names } = draft
      if (type !== undefined) draft.entityTypes.set(type.name, new PackedType(type, names))
      draft.type = undefined
    },
  },
  ComplexType: {
    open: (draft, attributes) => {
      draft.type = typeOf(draft, attributes, 'ComplexType')
    },
    close: (draft) => {
      const { type, names } = draft
      if (type !== undefined) draft.complexTypes.set(type.name, new PackedType(type, names))
      draft.type = undefined
    },
  },
  PropertyRef: {
    open: (draft, attributes) => {
      draft.type?.key.push(copied(required(attributes, 'Name', 'PropertyRef')))
    },
  },
  Property: {
    open: (draft, attributes) => {
      const { type } = draft
      type?.propertyFields.push(
        required(attributes, 'Name', 'Property'),
        required(attributes, 'Type', 'Property'),
      )
      if (attributes['Nullable'] === 'false') markLast(type, MARKS.required)
      draft.inProperty = true
    },
    close: (draft) => {
      draft.inProperty = false
    },
  },
  NavigationProperty: {
    open: ({ type }, attributes) => {
      type?.navigationFields.push(
        required(attributes, 'Name', 'NavigationProperty'),
        required(attributes, 'Type', 'NavigationProperty'),
        attributes['Partner'] ?? '',
      )
    },
  },
  ReferentialConstraint: {
    open: ({ type }, attributes) => {
      const property = required(attributes, 'Property', 'ReferentialConstraint')
      type?.navigationFields.push(MARKS.property + property)
    },
  },
  EnumType: {
    open: (draft, attributes) => {
      const name = ownName(draft, required(attributes, 'Name', 'EnumType'))
      draft.enumType = { name, flags: attributes['IsFlags'] === 'true', members: [] }
    },
    close: (draft) => {
      if (draft.enumType !== undefined) draft.enumTypes.set(draft.enumType.name, draft.enumType)
      draft.enumType = undefined
    },
  },
  Member: {
    open: ({ enumType }, attributes) => {
      const name = copied(required(attributes, 'Name', 'Member'))
      // Without values they count from 0.
      const given = attributes['Value']
      const value = given === undefined ? (enumType?.members.length ?? 0) : Number(given)
      if (!Number.isInteger(value)) throw new RangeError(`the value of ${shown(name)} is no number`)
      enumType?.members.push({ name, value })
    },
  },
}

function typeOf(draft: Draft, attributes: Attributes, element: string): NonNullable<Draft['type']> {
  const base = attributes['BaseType']
  return {
    name: ownName(draft, required(attributes, 'Name', element)),
    ...(base === undefined ? {} : { baseType: draft.names.local(base) }),
    abstract: attributes['Abstract'] === 'true',
    open: attributes['OpenType'] === 'true',
    key: [],
    propertyFields: [],
    navigationFields: [],
    alternateKeys: [],
  }
}

function ownName({ prefix }: Draft, name: string): string {
  return copied(prefix + name)
}
