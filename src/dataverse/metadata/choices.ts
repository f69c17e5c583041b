import { isObject } from '../../kernel/index.ts'
import { readLabel, readNumber, readObjects, type Unread } from '../answer/answer-fields.ts'
import type { ColumnType } from './column-type.ts'

/** One option of a choice column. */
export interface Choice {
  readonly value: number
  readonly label?: string
  /** The state that a status belongs to. */
  readonly state?: number
}

const CASTS: Readonly<Partial<Record<ColumnType, string>>> = {
  boolean: 'BooleanAttributeMetadata',
  choice: 'PicklistAttributeMetadata',
  choices: 'MultiSelectPicklistAttributeMetadata',
  state: 'StateAttributeMetadata',
  status: 'StatusAttributeMetadata',
}

/** The derived type under which a column's options are read; none for a column without options. */
export function choicesCast(type: ColumnType): string | undefined {
  return CASTS[type]
}

/** Reads the options of a column from its definition, its own or those of a global choice. */
export function parseChoices(attribute: Unread): readonly Choice[] {
  const own = attribute['OptionSet']
  const global = attribute['GlobalOptionSet']
  const set = isObject(own) ? own : isObject(global) ? global : {}
  const pair = [set['FalseOption'], set['TrueOption']].filter(isObject)
  return [...readObjects(set, 'Options'), ...pair].flatMap(parseChoice)
}

function parseChoice(option: Unread): readonly Choice[] {
  const value = readNumber(option, 'Value')
  if (value === undefined) return []
  const label = readLabel(option, 'Label')
  const state = readNumber(option, 'State')
  return [
    {
      value,
      ...(label === undefined ? {} : { label }),
      ...(state === undefined ? {} : { state }),
    },
  ]
}
