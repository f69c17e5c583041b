import { CodedError } from '../kernel/index.ts'
import { type ExitCode, exitCode } from './exit-code.ts'
import { explanationLines } from './explanation-view.ts'
import type { Terminal } from './terminal.ts'
import { paint } from './view.ts'

/** Prints a failure to the person watching, and as JSON to whoever reads the results. */
export function printFailure(terminal: Terminal, error: unknown): ExitCode {
  if (!(error instanceof CodedError)) {
    const text = error instanceof Error ? error.message : String(error)
    if (terminal.json) terminal.out(JSON.stringify({ error: { code: 'internal', what: text } }))
    terminal.note(paint(terminal.notes, 'red', 'Something went wrong inside Fairlead.'))
    terminal.note(error instanceof Error ? (error.stack ?? text) : text)
    return exitCode.failed
  }
  if (terminal.json) terminal.out(JSON.stringify({ error: error.toJSON() }))
  const { code, explanation, facts } = error
  for (const line of explanationLines(terminal.notes, { code, ...explanation, facts }))
    terminal.note(line)
  return error.code === 'usage' ? exitCode.usage : exitCode.failed
}
