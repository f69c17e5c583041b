/** What must hold of a measured number. */
export interface Bar {
  readonly what: string
  readonly value: number
  readonly atLeast?: number
  readonly atMost?: number
}

/** Prints rows of cells under their names, the first column to the left, the others to the right. */
export function printTable(
  title: string,
  names: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const widths = names.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
  console.log(title)
  for (const row of [names, ...rows]) console.log(`  ${line(row)}`)
}

/** Prints each bar with what was measured, and whether it is met. */
export function printBars(bars: readonly Bar[]): void {
  for (const { what, value, atLeast, atMost } of bars) {
    const met = value >= (atLeast ?? Number.NEGATIVE_INFINITY) && value <= (atMost ?? Infinity)
    const bar = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`
    console.log(`  ${met ? 'met   ' : 'MISSED'}  ${what}: ${value.toFixed(2)} (${bar})`)
  }
  console.log()
}
