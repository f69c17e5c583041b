// What TypeScript keeps for itself where a type or a constant is named.
const RESERVED = new Set(
  'any as async await bigint boolean break case catch class const continue debugger declare default delete do else enum export extends false finally for from function get if implements import in infer instanceof interface is keyof let namespace never new null number object of package private protected public readonly return set static string super switch symbol this throw true try type typeof undefined unique unknown var void while with yield arguments eval'.split(
    ' ',
  ),
)

/** Gives names for declarations: safe, each once, and the same for the same order of questions. */
export class Identifiers {
  readonly #taken = new Set<string>()

  /** A name like the wanted one that no other declaration has. */
  take(wanted: string): string {
    const safe = safeName(wanted)
    let name = safe
    for (let number = 2; this.#taken.has(name); number += 1) name = `${safe}_${number}`
    this.#taken.add(name)
    return name
  }
}

function safeName(wanted: string): string {
  const plain = wanted.replace(/[^\w$]/g, '_')
  return /^\d|^$/.test(plain) || RESERVED.has(plain) ? `_${plain}` : plain
}

/** A text as TypeScript writes it. */
export function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  // These two end a line for older readers of JavaScript.
  return `'${inner.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`
}

/** A property's name, in quotes where it needs them. */
export function propertyKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== '__proto__' ? name : quoted(name)
}

/** The key of a number: a negative one is written as an expression. */
export function numberKey(value: number): string {
  return value < 0 ? `[${value}]` : String(value)
}

/** A comment of one line; nothing in it can end it. */
export function comment(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('*/', '*\\/').trim()
  return line === '' ? '' : `/** ${line} */`
}
