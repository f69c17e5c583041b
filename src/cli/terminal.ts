/** Where a verb writes: results to `out`, everything meant for the person watching to `note`. */
export interface Terminal {
  /** A result: stdout. */
  out(line: string): void
  /** Progress and advice: stderr, so that a pipe receives results only. */
  note(line: string): void
  /** Whether results are wanted as JSON. */
  readonly json: boolean
  /** Whether a person watches: colour and progress make sense. */
  readonly interactive: boolean
  /** Reads one line without showing it, for secrets; from a pipe it reads the next line. */
  askSecret(question: string, signal: AbortSignal): Promise<string>
}

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow'

const codes: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 }

/** Colours a text where a person watches, and leaves it alone in a pipe. */
export function paint(terminal: Pick<Terminal, 'interactive'>, style: Style, text: string): string {
  return terminal.interactive ? `\u001b[${codes[style]}m${text}\u001b[0m` : text
}

/** Writes a result in the form that was asked for. */
export function show(terminal: Terminal, value: unknown, readable: () => string): void {
  terminal.out(terminal.json ? JSON.stringify(value) : readable())
}
