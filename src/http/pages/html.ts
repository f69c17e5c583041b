/** A piece of HTML that is ready to be sent: what came from outside is escaped already. */
export class Html {
  readonly #text: string

  /** Takes text that is HTML; everything else goes through {@link html}. */
  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

/** What may stand in a template: text is escaped, nothing and `false` leave no trace. */
export type Piece = Html | string | number | false | undefined | readonly Piece[]

/** Writes HTML; every value that is not HTML itself is escaped. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  const text = strings.reduce((all, part, index) => all + write(pieces[index - 1]) + part)
  return new Html(text)
}

/** Escapes text for element content and quoted attributes. */
function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

function write(piece: Piece): string {
  if (piece === undefined || piece === false) return ''
  if (piece instanceof Html) return String(piece)
  if (typeof piece === 'string' || typeof piece === 'number') return escapeText(String(piece))
  return piece.map(write).join('')
}
