import { type Attributes, type Draft, type Elements, required } from './draft.ts'
import { copied } from './names.ts'
import { PackedSet } from './packed-set.ts'

/** The elements that say what has an address. */
export const CONTAINER_ELEMENTS: Elements = {
  Schema: {
    open: (draft, attributes) => {
      const namespace = required(attributes, 'Namespace', 'Schema')
      // The first schema is the service's own; another's names keep their namespace.
      draft.namespace ??= copied(namespace)
      draft.prefix = draft.namespace === namespace ? '' : `${namespace}.`
      const alias = attributes['Alias']
      if (draft.prefix === '')
        draft.names.own(alias === undefined ? [namespace] : [alias, namespace])
    },
  },
  EntitySet: {
    open: (draft, attributes) => {
      const name = copied(required(attributes, 'Name', 'EntitySet'))
      const entityType = draft.names.local(required(attributes, 'EntityType', 'EntitySet'))
      draft.set = { name, entityType }
    },
    close: (draft) => {
      const { set, bindings } = draft
      if (set !== undefined) draft.entitySets.set(set.name, new PackedSet(set, bindings))
      draft.set = undefined
      draft.bindings = []
    },
  },
  NavigationPropertyBinding: {
    open: ({ bindings }, attributes) => {
      bindings.push(
        required(attributes, 'Path', 'NavigationPropertyBinding'),
        required(attributes, 'Target', 'NavigationPropertyBinding'),
      )
    },
  },
  ActionImport: { open: (draft, attributes) => openImport(draft, attributes, 'Action') },
  FunctionImport: { open: (draft, attributes) => openImport(draft, attributes, 'Function') },
}

function openImport(draft: Draft, attributes: Attributes, kind: 'Action' | 'Function'): void {
  const name = required(attributes, 'Name', `${kind}Import`)
  const operation = required(attributes, kind, `${kind}Import`)
  draft.imports.set(copied(name), draft.names.local(operation))
}
