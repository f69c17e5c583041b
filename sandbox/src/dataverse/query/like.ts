const WILDCARDS = /[%_[]/

/** Makes a test for text in which the database's wildcards count: `%`, `_`, `[abc]`, `[^abc]`. */
export function likeTest(
  search: string,
  where: 'contains' | 'startswith' | 'endswith',
): (text: string) => boolean {
  const wanted = search.toLowerCase()
  if (!WILDCARDS.test(search)) {
    if (where === 'contains') return (text) => text.toLowerCase().includes(wanted)
    if (where === 'startswith') return (text) => text.toLowerCase().startsWith(wanted)
    return (text) => text.toLowerCase().endsWith(wanted)
  }
  const before = where === 'startswith' ? '^' : ''
  const after = where === 'endswith' ? '$' : ''
  const pattern = new RegExp(`${before}${likePattern(wanted)}${after}`, 'su')
  return (text) => pattern.test(text.toLowerCase())
}

function likePattern(search: string): string {
  let pattern = ''
  for (let at = 0; at < search.length; at += 1) {
    const character = search.charAt(at)
    const end = character === '[' ? search.indexOf(']', at + 2) : -1
    if (character === '%') pattern += '.*'
    else if (character === '_') pattern += '.'
    else if (end > 0) {
      pattern += characterSet(search.slice(at + 1, end))
      at = end
    } else pattern += literally(character)
  }
  return pattern
}

function characterSet(inside: string): string {
  const negated = inside.startsWith('^')
  const members = negated ? inside.slice(1) : inside
  return `[${negated ? '^' : ''}${members.replace(/[\\\]^[&~|]/g, '\\$&')}]`
}

function literally(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character
}
