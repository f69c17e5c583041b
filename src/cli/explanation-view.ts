import { type Explanation, type Json, saysMore, type Who } from '../kernel/index.ts'
import { labelled, paint, type View, wrap } from './view.ts'

const people: Readonly<Record<Who, string>> = {
  you: 'you',
  'entra-administrator': 'an administrator of Entra ID',
  'crm-administrator': 'an administrator of the Dynamics CRM environment',
  operator: 'the operator of this hub',
  microsoft: 'Microsoft',
  fairlead: 'the makers of Fairlead: please report it',
}

interface Shown extends Omit<Explanation, 'retry'> {
  readonly code: string
  readonly facts?: Readonly<Record<string, Json>>
}

/** Shows what happened, why, what to do, who can do it, and the facts. */
export function explanationLines(
  view: View,
  { code, what, why, remedy, who, facts = {} }: Shown,
  style: 'bold' | 'red' | 'yellow' = 'red',
): readonly string[] {
  const known = Object.entries(facts).map(printFact).join(', ')
  return [
    ...wrap(`${what} (${code})`, view, 0).map((line) => paint(view, style, line)),
    ...(saysMore({ what, why }) ? labelled('  why     ', why, view) : []),
    ...labelled('  remedy  ', remedy, view),
    `  who     ${people[who]}`,
    ...(known === '' ? [] : labelled('  facts   ', known, view)),
  ]
}

function printFact([name, value]: readonly [string, Json]): string {
  return `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`
}
