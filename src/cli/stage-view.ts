import type { Answer } from '../http/contract/index.ts'
import type { Json } from '../kernel/index.ts'
import { labelled, paint, type View, width, wrap } from './view.ts'

export type Report = Answer<'verify'>
export type Stage = Report['stages'][number]

const marks = {
  passed: ['✔', 'green'],
  warning: ['!', 'yellow'],
  failed: ['✖', 'red'],
  skipped: ['–', 'dim'],
} as const

const titleWidth = 30
// Below this what was found goes under its title instead of beside it.
const wideEnough = 100

/** Shows one stage of a verification: what was found, how long it took, what to do. */
export function stageLines(view: View, stage: Stage): readonly string[] {
  const [mark, style] = marks[stage.outcome]
  const title = stage.title + ' '.repeat(Math.max(0, titleWidth - width(stage.title)))
  const head = `${title} ${String(Math.round(stage.ms)).padStart(5)} ms  `
  const { ms: _shown, ...evidence } = stage.evidence
  const found = Object.entries(evidence).flatMap(phrase).join(', ')
  const beside = (view.columns ?? wideEnough) >= wideEnough
  const indent = beside ? head.length + 2 : 4
  const evidenceLines = wrap(found, view, indent)
  const [first = ''] = beside ? evidenceLines : []
  const below = found === '' ? [] : evidenceLines.slice(beside ? 1 : 0)
  const lines = [
    `${paint(view, style, mark)} ${head}${paint(view, 'dim', first)}`.trimEnd(),
    ...below.map((line) => ' '.repeat(indent) + paint(view, 'dim', line)),
  ]
  if (!stage.explanation) return lines
  // One failed stage skips many: the reason is enough, the remedy stands at the failed one.
  if (stage.outcome === 'skipped')
    return [...lines, ...labelled('    ', stage.explanation.why, view)]
  const { what, why, remedy, code } = stage.explanation
  return [
    ...lines,
    ...labelled('    ', `${what} (${code})`, view),
    ...labelled('    why     ', why, view),
    ...labelled('    remedy  ', remedy, view),
  ]
}

/** The last line of a verification. */
export function reportLine(view: View, report: Report): string {
  const seconds = (report.ms / 1000).toFixed(1)
  const warnings = report.stages.filter(({ outcome }) => outcome === 'warning').length
  return report.verified
    ? `${paint(view, 'green', 'Verified')} in ${seconds} s${warnings > 0 ? `, ${warnings} to look at` : ''}`
    : `${paint(view, 'red', 'Not verified')} after ${seconds} s`
}

// Enough to recognize things by; --json has all of it.
function phrase([name, value]: readonly [string, Json]): readonly string[] {
  const text = short(value)
  return text === '' ? [] : [`${words(name)} ${text}`]
}

function short(value: Json): string {
  if (value === null) return ''
  if (value === true) return 'yes'
  if (value === false) return 'no'
  if (Array.isArray(value)) return value.map(short).join(' ')
  if (typeof value === 'object') return Object.entries(value).flatMap(phrase).join(' ')
  return String(value)
    .replace(/\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '$1…')
    .replace(/\b(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(\.\d+)?Z/g, '$1 $2 UTC')
}

function words(name: string): string {
  return name
    .replace(/(?<=[a-z])([A-Z])/g, ' $1')
    .toLowerCase()
    .replace(/\b(url|api|dns|tls) ?/g, (word) => word.toUpperCase())
    .replace(/ (id|at)$/, '')
}
