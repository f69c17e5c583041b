import { characters, type View, width } from './view.ts'

const widest = 44
const narrowest = 8
const gap = '  '

/** Lays rows out in columns under their headings; what does not fit is cut with an ellipsis. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
  view?: View,
): string {
  const cells = rows.map((row) => headings.map((_, index) => oneLine(row[index] ?? '')))
  const widths = fit(
    headings.map((heading, index) =>
      Math.min(widest, Math.max(width(heading), ...cells.map((row) => width(row[index] ?? '')))),
    ),
    view?.columns,
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => clip(cell, widths[index] ?? 0))
      .map((cell, index) => cell + ' '.repeat(Math.max(0, (widths[index] ?? 0) - width(cell))))
      .join(gap)
      .trimEnd()
  const rule = widths.map((length) => '─'.repeat(length))
  return [line(headings), line(rule), ...cells.map(line)].join('\n')
}

// The widest columns give way first, until the row fits or every column is narrow.
function fit(wanted: readonly number[], columns = Number.POSITIVE_INFINITY): readonly number[] {
  const widths = [...wanted]
  const total = () => widths.reduce((sum, each) => sum + each, (widths.length - 1) * gap.length)
  while (total() > columns) {
    const most = Math.max(...widths)
    if (most <= narrowest) break
    widths[widths.indexOf(most)] = most - 1
  }
  return widths
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}

function clip(text: string, room: number): string {
  if (width(text) <= room) return text
  let cut = ''
  for (const each of characters(text)) {
    if (width(cut + each) > room - 1) break
    cut += each
  }
  return `${cut}…`
}
