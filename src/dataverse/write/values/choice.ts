import type { Json } from '../../../kernel/index.ts'
import type { Choice } from '../../metadata/choices.ts'
import { nearNames } from '../../near-names.ts'
import { Refusal } from './refusal.ts'

/** Finds the number of a choice that is given by number or label. */
export type FindChoice = (value: unknown) => number | Refusal

const MOST_LISTED = 30
const AMBIGUOUS = Symbol('ambiguous')

/** Prepares the search for the choices of one column; labels are compared without regard to case. */
export function choiceFinder(choices: readonly Choice[] = []): FindChoice {
  // A definition may come without the options.
  if (choices.length === 0) return numberOnly
  const values = new Set(choices.map(({ value }) => value))
  const byLabel = new Map<string, number | typeof AMBIGUOUS>()
  for (const choice of choices) {
    for (const label of labelsOf(choice)) {
      const key = keyOf(label)
      const known = byLabel.get(key)
      byLabel.set(key, known === undefined || known === choice.value ? choice.value : AMBIGUOUS)
    }
  }
  return (value) => {
    const number = wholeNumber(value)
    if (number !== undefined && values.has(number)) return number
    const found = typeof value === 'string' ? byLabel.get(keyOf(value)) : undefined
    if (typeof found === 'number') return found
    return found === AMBIGUOUS ? ambiguous(choices) : unknownChoice(value, choices)
  }
}

/** Writes several choices, given as an array or as a text with commas, as the service's `1,2`. */
export function encodeChoices(value: unknown, find: FindChoice): Json | Refusal {
  if (!Array.isArray(value)) {
    const whole = find(value)
    if (!(whole instanceof Refusal)) return String(whole)
    if (typeof value !== 'string' || !/[,;]/.test(value)) return whole
  }
  const parts: readonly unknown[] = Array.isArray(value) ? value : String(value).split(/[,;]/)
  const numbers = new Set<number>()
  for (const part of parts) {
    const number = find(part)
    if (number instanceof Refusal) return number
    numbers.add(number)
  }
  return numbers.size === 0 ? null : [...numbers].join(',')
}

/** Writes a yes or no, which may be given by its label. */
export function encodeBoolean(value: unknown, find: FindChoice | undefined): Json | Refusal {
  if (typeof value === 'boolean') return value
  const text = typeof value === 'string' ? value.trim().toLowerCase() : value
  if (text === 'true' || text === 1 || text === '1') return true
  if (text === 'false' || text === 0 || text === '0') return false
  const found = find?.(value)
  if (found === 0 || found === 1) return found === 1
  if (found instanceof Refusal) return found
  return new Refusal('it is not a yes or no', 'Give true or false.')
}

function numberOnly(value: unknown): number | Refusal {
  const number = wholeNumber(value)
  if (number !== undefined) return number
  return new Refusal('it is not the number of a choice', 'Give the number of the choice.')
}

function wholeNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined
  if (typeof value !== 'string' || !/^\s*-?\d{1,10}\s*$/.test(value)) return undefined
  return Number(value)
}

function labelsOf(choice: Choice): readonly string[] {
  const { label, labels = {} } = choice
  return [...(label === undefined ? [] : [label]), ...Object.values(labels)]
}

function keyOf(label: string): string {
  return label.trim().normalize('NFC').toLowerCase()
}

function ambiguous(choices: readonly Choice[]): Refusal {
  return new Refusal(
    'several choices have this label',
    `Give the number of the choice: ${listChoices(choices, byLabel)}.`,
  )
}

function unknownChoice(value: unknown, choices: readonly Choice[]): Refusal {
  const given = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  const near = nearNames(
    given,
    choices.flatMap(({ label }) => label ?? []),
  )
  const nearFirst = [
    ...choices.filter(({ label }) => near.includes(label ?? '')),
    ...choices.filter(({ label }) => !near.includes(label ?? '')),
  ]
  return new Refusal(
    given === '' ? 'it is not a choice' : `“${given.slice(0, 100)}” is not one of the choices`,
    `Give one of: ${listChoices(nearFirst, byLabel)}.`,
  )
}

function byLabel({ value, label = '' }: Choice): string {
  return `${label} (${value})`
}

/** Lists choices, not too many of them, each as it is to be shown. */
export function listChoices(choices: readonly Choice[], show: (choice: Choice) => string): string {
  const shown = choices.slice(0, MOST_LISTED).map(show)
  const more = choices.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
