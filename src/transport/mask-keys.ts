/**
 * Writes an address's path with what stands in parentheses left out: the keys of rows, which may be
 * names or mail addresses of people. A parenthesis within quotes closes nothing.
 */
export function maskKeys(pathname: string): string {
  const path = pathname.includes('%') ? decodeQuietly(pathname) : pathname
  return path.includes('(') ? path.replace(/\((?:'[^']*(?:'|$)|[^')])+(?:\)|$)/g, '(…)') : path
}

function decodeQuietly(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
