import { isObject } from '../../kernel/index.ts'
import {
  readLabel,
  readNumber,
  readObjects,
  readText,
  type Unread,
} from '../answer/answer-fields.ts'

/** One option of a choice, state, status or yes/no column. */
export interface Choice {
  readonly value: number
  /** In the caller's language. */
  readonly label?: string
  /** Every label there is, by the number of its language, such as 1033. */
  readonly labels?: Readonly<Record<number, string>>
  /** The state that a status belongs to. */
  readonly state?: number
  /** The status that a row takes with this state unless it is told another. */
  readonly defaultStatus?: number
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
  const labels = readLabels(option)
  const state = readNumber(option, 'State')
  const defaultStatus = readNumber(option, 'DefaultStatus')
  return [
    {
      value,
      ...(label === undefined ? {} : { label }),
      ...(labels === undefined ? {} : { labels }),
      ...(state === undefined ? {} : { state }),
      ...(defaultStatus === undefined ? {} : { defaultStatus }),
    },
  ]
}

// One label alone says no more than `label` does.
function readLabels(option: Unread): Readonly<Record<number, string>> | undefined {
  const label = option['Label']
  const all = isObject(label) ? readObjects(label, 'LocalizedLabels') : []
  if (all.length < 2) return undefined
  const labels: Record<number, string> = {}
  for (const one of all) {
    const language = readNumber(one, 'LanguageCode')
    const text = readText(one, 'Label')
    if (language !== undefined && text !== undefined) labels[language] = text
  }
  return labels
}
