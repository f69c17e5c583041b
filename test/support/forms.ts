/** A form of a page, with what it would send. */
export interface Form {
  readonly action: string
  readonly method: 'get' | 'post'
  readonly fields: Readonly<Record<string, string>>
  /** Names of the fields that wait for a person. */
  readonly asks: readonly string[]
  readonly buttons: readonly {
    readonly label: string
    readonly name?: string
    readonly value: string
  }[]
}

/** Reads the forms of an HTML page: plain ones, as sign-in pages without scripts have them. */
export function readForms(html: string): readonly Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(
    ([, open = '', inner = '']) => {
      const { action = '', method = 'get', id } = attributesOf(open)
      const inputs = [...inner.matchAll(/<input\b([^>]*)>/gi)].map(([, tag = '']) =>
        attributesOf(tag),
      )
      const sent = inputs.filter(
        ({ name, type = 'text', checked }) =>
          name !== undefined &&
          !/^(submit|button|image)$/i.test(type) &&
          (!/^(checkbox|radio)$/i.test(type) || checked !== undefined),
      )
      return {
        action,
        method: method.toLowerCase() === 'post' ? 'post' : 'get',
        fields: Object.fromEntries(sent.map(({ name = '', value = '' }) => [name, value])),
        asks: sent.flatMap(({ name, type = 'text' }) => (name && type !== 'hidden' ? [name] : [])),
        buttons: [
          ...buttonTags(inner),
          ...submitInputs(inputs),
          ...(id ? buttonTags(html, id) : []),
        ],
      }
    },
  )
}

/** What a page says in its first heading, or its title. */
export function headingOf(html: string): string {
  const [, text = ''] =
    /<h1\b[^>]*>([\s\S]*?)<\/h1>/i.exec(html) ?? /<title>([\s\S]*?)<\/title>/i.exec(html) ?? []
  return textOf(text)
}

// A button may stand outside its form, and name it by `form`.
function buttonTags(html: string, formId?: string) {
  return [...html.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/gi)].flatMap(
    ([, tag = '', text = '']) => {
      const { name, value = '', form } = attributesOf(tag)
      if (form !== formId) return []
      return [{ label: textOf(text), value, ...(name === undefined ? {} : { name }) }]
    },
  )
}

function submitInputs(inputs: readonly Readonly<Record<string, string>>[]) {
  return inputs
    .filter(({ type }) => type?.toLowerCase() === 'submit')
    .map(({ name, value = 'Submit' }) => ({
      label: value,
      value,
      ...(name === undefined ? {} : { name }),
    }))
}

function attributesOf(tag: string): Record<string, string> {
  const found = tag.matchAll(/([a-z][\w-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/gi)
  return Object.fromEntries(
    [...found].map(([, name = '', double, single, bare]) => [
      name.toLowerCase(),
      unescapeHtml(double ?? single ?? bare ?? ''),
    ]),
  )
}

function textOf(html: string): string {
  return unescapeHtml(html.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}

function unescapeHtml(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(amp|lt|gt|quot|apos));/gi,
    (_, hex, decimal, name) =>
      name
        ? (ENTITIES[name.toLowerCase()] ?? '')
        : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  )
}
