/** Finds up to three names that are like a wrong one: other case, a part of it, or a slip or two. */
export function nearNames(wrong: string, names: Iterable<string>): readonly string[] {
  const wanted = wrong.trim().toLowerCase().slice(0, 100)
  // Any short name is like any other but for two letters.
  const most = wanted.length <= 3 ? 1 : Math.max(2, Math.floor(wanted.length / 4))
  const scored: { name: string; score: number }[] = []
  for (const name of names) {
    const score = distance(wanted, name.toLowerCase())
    if (score <= most) scored.push({ name, score })
  }
  const farther = ({ name }: { name: string }) => Math.abs(name.length - wanted.length)
  scored.sort((a, b) => a.score - b.score || farther(a) - farther(b) || (a.name < b.name ? -1 : 1))
  return scored.slice(0, 3).map(({ name }) => name)
}

function distance(left: string, right: string): number {
  if (left === right) return 0
  if (left.length > 2 && right.includes(left)) return 1
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 0; row < left.length; row += 1) {
    const current = [row + 1]
    for (let column = 0; column < right.length; column += 1) {
      const replaced = (previous[column] ?? 0) + (left[row] === right[column] ? 0 : 1)
      const removed = (previous[column + 1] ?? 0) + 1
      const added = (current[column] ?? 0) + 1
      current.push(Math.min(replaced, removed, added))
    }
    previous = current
  }
  return previous[right.length] ?? 0
}
