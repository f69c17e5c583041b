import type { View } from './view.ts'

/** Where a verb writes: results to `out`, everything meant for the person watching to `note`. */
export interface Terminal {
  /** A result: stdout. */
  out(line: string): void
  /** Waits while the reader of the results is slower than what is written to it. */
  keepPace(): Promise<void>
  /** Progress and advice: stderr, so that a pipe receives results only. */
  note(line: string): void
  /** Whether results are wanted as JSON. */
  readonly json: boolean
  /** How results are read. */
  readonly results: View
  /** How progress and advice are read. */
  readonly notes: View
  /** Whether a person watches, whose browser can be opened. */
  readonly interactive: boolean
  /** Reads one line without showing it, for secrets; from a pipe it reads the next line. */
  askSecret(question: string, signal: AbortSignal): Promise<string>
  /** Reads what is piped in; nothing when a person sits there. */
  readPiped(signal: AbortSignal): Promise<string | undefined>
}

/** Writes a result in the form that was asked for. */
export function show(terminal: Terminal, value: unknown, readable: () => string): void {
  terminal.out(terminal.json ? JSON.stringify(value) : readable())
}
