/** Where text will be read: whether colour makes sense, and how wide a line may be. */
export interface View {
  readonly colour: boolean
  /** Cells of a line; absent where nobody watches, and nothing is wrapped. */
  readonly columns?: number
}

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow'

const codes: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 }
const segmenter = new Intl.Segmenter()
// East Asian wide characters and emoji take two cells of a terminal.
const wide =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/u
const narrowest = 20

/** Colours a text where a person watches, and leaves it alone in a pipe. */
export function paint({ colour }: View, style: Style, text: string): string {
  return colour && text !== '' ? `\u001b[${codes[style]}m${text}\u001b[0m` : text
}

/** The characters of a text as a reader counts them. */
export function characters(text: string): readonly string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment)
}

/** Counts the cells a text takes on a terminal. */
export function width(text: string): number {
  return characters(text).reduce((cells, each) => cells + (wide.test(each) ? 2 : 1), 0)
}

/** Breaks a text at its spaces, so that it fits behind an indent; a word that is too long stays whole. */
export function wrap(text: string, { columns }: View, indent: number): readonly string[] {
  if (columns === undefined) return [text]
  const room = Math.max(narrowest, columns - indent)
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && width(line) + 1 + width(word) <= room)
      lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

/** Writes a label before a text, whose further lines hang below its first. */
export function labelled(label: string, text: string, view: View): readonly string[] {
  const indent = ' '.repeat(label.length)
  return wrap(text, view, label.length).map((line, index) => (index === 0 ? label : indent) + line)
}
