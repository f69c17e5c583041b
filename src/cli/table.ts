const widest = 44

/** Lays rows out in columns under their headings; long cells are cut with an ellipsis. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
): string {
  const cells = rows.map((row) => headings.map((_, index) => clip(row[index] ?? '')))
  const widths = headings.map((heading, index) =>
    Math.max(width(heading), ...cells.map((row) => width(row[index] ?? ''))),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - width(cell)))
      .join('  ')
      .trimEnd()
  const rule = widths.map((length) => '─'.repeat(length))
  return [line(headings), line(rule), ...cells.map(line)].join('\n')
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  const characters = [...segmenter.segment(line)].map(({ segment }) => segment)
  return characters.length <= widest ? line : `${characters.slice(0, widest - 1).join('')}…`
}

const segmenter = new Intl.Segmenter()

// East Asian wide characters and emoji take two cells of a terminal.
function width(text: string): number {
  let cells = 0
  for (const { segment } of segmenter.segment(text))
    cells +=
      /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/u.test(
        segment,
      )
        ? 2
        : 1
  return cells
}
