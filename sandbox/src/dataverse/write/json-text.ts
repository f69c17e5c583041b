/** What a JSON text can be found guilty of that reading it as a value hides. */
export type JsonFlaw =
  | { readonly kind: 'duplicate'; readonly name: string }
  | { readonly kind: 'depth' }
  | undefined

/** Looks through a text that is known to be JSON for a name given twice and for nesting beyond `most`. */
export function findFlaw(text: string, most: number): JsonFlaw {
  const scopes: (Set<string> | undefined)[] = []
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (character === '{') scopes.push(new Set())
    else if (character === '[') scopes.push(undefined)
    else if (character === '}' || character === ']') scopes.pop()
    if (scopes.length > most) return { kind: 'depth' }
    if (character !== '"') continue
    const end = endOfString(text, at)
    const names = scopes.at(-1)
    if (names && isName(text, end)) {
      const name = String(JSON.parse(text.slice(at, end)))
      if (names.has(name)) return { kind: 'duplicate', name }
      names.add(name)
    }
    at = end - 1
  }
  return undefined
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1
  return at + 1
}

/** A string is a name when a colon follows. */
function isName(text: string, end: number): boolean {
  let at = end
  while (' \t\r\n'.includes(text.charAt(at)) && at < text.length) at += 1
  return text.charAt(at) === ':'
}
