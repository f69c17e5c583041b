import type { Elements } from './draft.ts'
import { copied } from './names.ts'
import { MARKS, markLast } from './packed-type.ts'

/** The annotations that a client can use; others are passed over. */
export const ANNOTATION_ELEMENTS: Elements = {
  Annotation: {
    open: (draft, attributes) => {
      draft.term = lastPart(attributes['Term'] ?? '')
      const yes = attributes['Bool'] !== 'false'
      if (draft.term === 'Computed' && draft.inProperty && yes) {
        markLast(draft.type, MARKS.computed)
      }
      if (draft.term === 'OptionalParameter' && draft.parameter !== undefined) {
        draft.parameter.optional = true
      }
    },
    close: (draft) => {
      draft.term = ''
    },
  },
  PropertyValue: {
    open: ({ term, type, set }, attributes) => {
      const property = attributes['Property']
      if (term === 'AlternateKeys' && type !== undefined) {
        // https://github.com/OData/vocabularies: AlternateKey has a Key, a list of Name and Alias.
        if (property === 'Key') type.alternateKeys.push([])
        const path = attributes['PropertyPath']
        if (property === 'Name' && path !== undefined) {
          const last = type.alternateKeys.pop() ?? []
          type.alternateKeys.push([...last, copied(path)])
        }
      }
      if (term === 'ChangeTracking' && set !== undefined && property === 'Supported') {
        set.changeTracking = attributes['Bool'] === 'true'
      }
    },
  },
}

function lastPart(term: string): string {
  return term.slice(term.lastIndexOf('.') + 1)
}
