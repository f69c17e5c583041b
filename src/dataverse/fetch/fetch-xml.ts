import { SaxesParser } from 'saxes'
import { invalidArgument } from '../errors/dataverse-error.ts'

/** A FetchXML query, read as far as paging needs. */
export interface FetchXml {
  readonly text: string
  /** Where the start tag of the `fetch` element begins and ends. */
  readonly tag: { readonly start: number; readonly end: number }
  /** The attributes of the `fetch` element. */
  readonly attributes: ReadonlyMap<string, string>
}

/** A value that a FetchXML query may be given. */
export type FetchValue = string | number | bigint | boolean | Date

const MOST_CHARACTERS = 65_536

/**
 * Writes FetchXML around values, none of which can change it: a tag for templates.
 *
 * @example
 * ```ts
 * import { fetchXml } from 'fairlead/dataverse'
 *
 * const name = 'Smith & "Sons"'
 * const query = fetchXml`<fetch><entity name="account"><attribute name="name"/>
 *   <filter><condition attribute="name" operator="eq" value="${name}"/></filter></entity></fetch>`
 * ```
 * @throws DataverseError `invalid_argument`
 */
export function fetchXml(pieces: TemplateStringsArray, ...values: readonly FetchValue[]): string {
  return pieces.reduce((text, piece, index) => {
    const value = values[index - 1]
    return `${text}${escapeXml(value instanceof Date ? value.toISOString() : String(value))}${piece}`
  })
}

/** Reads a FetchXML query. @throws DataverseError `invalid_argument` */
export function parseFetchXml(text: string): FetchXml {
  const attributes = new Map<string, string>()
  let root = ''
  let end = 0
  if (text.length > MOST_CHARACTERS) {
    throw invalidArgument(
      'fetchXml',
      `it has ${text.length} characters, more than any address`,
      'Ask for fewer columns or values.',
    )
  }
  const parser = new SaxesParser({})
  parser.on('opentag', (tag) => {
    if (root !== '') return
    root = tag.name
    end = parser.position
    for (const [name, value] of Object.entries(tag.attributes)) attributes.set(name, value)
  })
  parser.on('doctype', () => {
    throw invalidArgument('fetchXml', 'it declares a document type', 'Leave the DOCTYPE out.')
  })
  parser.on('error', (error) => {
    throw invalidArgument(
      'fetchXml',
      `it is not whole XML: ${placeAndFault(error.message)}`,
      'Close every element, and write & as &amp; and < as &lt; in values.',
    )
  })
  parser.write(text).close()
  if (root !== 'fetch') {
    throw invalidArgument('fetchXml', `its root is “${root.slice(0, 50)}”`, 'Begin with <fetch>.')
  }
  return { text, tag: { start: text.lastIndexOf('<', end - 1), end }, attributes }
}

// The parser says where before what: `1:44: undefined entity.`
function placeAndFault(message: string): string {
  const [, line, column, fault] = /^(\d+):(\d+): (.*?)\.?$/.exec(message.slice(0, 200)) ?? []
  return fault === undefined ? 'it breaks off' : `${fault}, at line ${line}, column ${column}`
}

/** Sets attributes of the `fetch` element, and leaves the rest as it is, letter by letter. */
export function withAttributes(
  fetch: FetchXml,
  attributes: Readonly<Record<string, string | undefined>>,
): string {
  const { text, tag } = fetch
  const name = '<fetch'
  const kept = text
    .slice(tag.start + name.length, tag.end)
    .replace(/\s+([\w:.-]+)\s*=\s*(?:"[^"]*"|'[^']*')/g, (whole, attribute: string) =>
      attribute in attributes ? '' : whole,
    )
  const set = Object.entries(attributes).flatMap(([attribute, value]) =>
    value === undefined ? [] : [` ${attribute}="${escapeXml(value)}"`],
  )
  return `${text.slice(0, tag.start)}${name}${set.join('')}${kept}${text.slice(tag.end)}`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

/** Writes a text so that it stands for itself in an attribute or element. @throws DataverseError `invalid_argument` */
export function escapeXml(text: string): string {
  // XML has no form for these at all. https://www.w3.org/TR/xml/#charsets
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text) || !text.isWellFormed()) {
    throw invalidArgument(
      'fetchXml',
      'a value holds characters that XML cannot carry',
      'Give a text without control characters.',
    )
  }
  return text.replace(/[&<>"'\t\n\r]/g, (sign) => ESCAPES[sign] ?? sign)
}
