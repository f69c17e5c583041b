import type { Answer } from '../http/contract/index.ts'
import { paint, type Terminal } from './terminal.ts'

export type Report = Answer<'verify'>
export type Stage = Report['stages'][number]

const marks = {
  passed: ['✔', 'green'],
  warning: ['!', 'yellow'],
  failed: ['✖', 'red'],
  skipped: ['–', 'dim'],
} as const

/** Shows one stage of a verification: what was found, how long it took, what to do. */
export function stageLines(
  terminal: Pick<Terminal, 'interactive'>,
  stage: Stage,
): readonly string[] {
  const [mark, style] = marks[stage.outcome]
  const found = Object.entries(stage.evidence)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
  const head = `${paint(terminal, style, mark)} ${stage.title.padEnd(26)} ${String(Math.round(stage.ms)).padStart(5)} ms  ${paint(terminal, 'dim', found)}`
  if (!stage.explanation) return [head]
  const { what, why, remedy, code } = stage.explanation
  return [head, `    ${what} (${code})`, `    why     ${why}`, `    remedy  ${remedy}`]
}

/** The last line of a verification. */
export function reportLine(terminal: Terminal, report: Report): string {
  const seconds = (report.ms / 1000).toFixed(1)
  const warnings = report.stages.filter(({ outcome }) => outcome === 'warning').length
  return report.verified
    ? `${paint(terminal, 'green', 'Verified')} in ${seconds} s${warnings > 0 ? `, ${warnings} to look at` : ''}`
    : `${paint(terminal, 'red', 'Not verified')} after ${seconds} s`
}
