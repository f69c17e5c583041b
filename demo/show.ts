import type { View } from '../src/cli/view.ts'

const indent = 2
const watched = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined

function painted(code: number, text: string): string {
  return watched ? `\u001b[${code}m${text}\u001b[0m` : text
}

export const bold = (text: string): string => painted(1, text)
export const dim = (text: string): string => painted(2, text)
export const green = (text: string): string => painted(32, text)
export const yellow = (text: string): string => painted(33, text)

/** How the stages of a verification are shown, behind an indent. */
export const view: View = {
  colour: watched,
  ...(process.stdout.isTTY === true && { columns: process.stdout.columns - indent }),
}

/** Writes one line of what is going on. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`)
}

/** Does one step before the user's eyes, and says how long it took. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  if (watched) process.stdout.write(dim(`  … ${title}`))
  const value = await work()
  const ms = Math.round(performance.now() - started)
  if (watched) process.stdout.write('\r\u001b[K')
  say(`${green('✔')} ${title} ${dim(`${ms} ms`)}`)
  return value
}
