import { type Attributes, type Draft, type Elements, required } from './draft.ts'
import type { CsdlOperation, Typed } from './model.ts'
import { copied } from './names.ts'

/** The elements that describe functions and actions. */
export const OPERATION_ELEMENTS: Elements = {
  Action: {
    open: (draft, attributes) => openOperation(draft, attributes, 'action'),
    close: closeOperation,
  },
  Function: {
    open: (draft, attributes) => openOperation(draft, attributes, 'function'),
    close: closeOperation,
  },
  Parameter: {
    open: (draft, attributes) => {
      const name = copied(required(attributes, 'Name', 'Parameter'))
      draft.parameter = { name, ...typed(draft, attributes, 'Parameter'), optional: false }
      draft.operation?.parameters.push(draft.parameter)
    },
    close: (draft) => {
      draft.parameter = undefined
    },
  },
  ReturnType: {
    open: (draft, attributes) => {
      if (draft.operation !== undefined) {
        draft.operation.returns = typed(draft, attributes, 'ReturnType')
      }
    },
  },
}

function openOperation(draft: Draft, attributes: Attributes, kind: CsdlOperation['kind']): void {
  const name = copied(draft.prefix + required(attributes, 'Name', kind))
  draft.operation = { kind, name, bound: attributes['IsBound'] === 'true', parameters: [] }
}

function closeOperation(draft: Draft): void {
  if (draft.operation !== undefined) draft.operations.push(draft.operation)
  draft.operation = undefined
}

function typed({ names }: Draft, attributes: Attributes, element: string): Typed {
  const type = names.type(required(attributes, 'Type', element))
  return { ...type, nullable: attributes['Nullable'] !== 'false' }
}
