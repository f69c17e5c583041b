import { CodedError, type Json, type Who } from '../kernel/index.ts'
import { type ExitCode, exitCode } from './exit-code.ts'
import { paint, type Terminal } from './terminal.ts'

const people: Readonly<Record<Who, string>> = {
  you: 'you',
  'entra-administrator': 'an administrator of Entra ID',
  'crm-administrator': 'an administrator of the Dynamics CRM environment',
  operator: 'the operator of this hub',
  microsoft: 'Microsoft',
  fairlead: 'the makers of Fairlead: please report it',
}

/** Prints a failure to the person watching, and as JSON to whoever reads the results. */
export function printFailure(terminal: Terminal, error: unknown): ExitCode {
  if (!(error instanceof CodedError)) {
    terminal.note(paint(terminal, 'red', 'Something went wrong inside Fairlead.'))
    terminal.note(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return exitCode.failed
  }
  if (terminal.json) terminal.out(JSON.stringify({ error: error.toJSON() }))
  for (const line of explain(error, terminal)) terminal.note(line)
  return error.code === 'usage' ? exitCode.usage : exitCode.failed
}

function explain(error: CodedError, terminal: Terminal): readonly string[] {
  const { what, why, remedy, who } = error.explanation
  const facts = Object.entries(error.facts)
  return [
    `${paint(terminal, 'red', what)} ${paint(terminal, 'dim', `(${error.code})`)}`,
    `  why     ${why}`,
    `  remedy  ${remedy}`,
    `  who     ${people[who]}`,
    ...(facts.length === 0 ? [] : [`  facts   ${facts.map(printFact).join(', ')}`]),
  ]
}

function printFact([name, value]: readonly [string, Json]): string {
  return `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`
}
