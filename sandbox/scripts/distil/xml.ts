/** An XML element with its local name, without the namespace prefix. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

const TOKEN = /<(\/?)([\w.:-]+)((?:\s+[\w.:-]+="[^"]*")*)\s*(\/?)>|([^<]+)/g
const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
}

/** Parses plain XML (no DTD, no CDATA) as the exported metadata files are written. */
export function parseXml(source: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  for (const [, closing, name, attributes, empty, words] of source.matchAll(TOKEN)) {
    const parent = open.at(-1) ?? root
    if (words !== undefined) parent.text += decodeEntities(words)
    else if (closing === '/') open.pop()
    else {
      const element = {
        name: local(name ?? ''),
        attributes: readAttributes(attributes ?? ''),
        children: [],
        text: '',
      }
      parent.children.push(element)
      if (empty !== '/') open.push(element)
    }
  }
  return root
}

/** The first child of that name, followed further down the path. */
export function child(element: Element | undefined, ...path: string[]): Element | undefined {
  let here = element
  for (const name of path) here = here?.children.find((candidate) => candidate.name === name)
  return here
}

export function childText(element: Element, ...path: string[]): string {
  return child(element, ...path)?.text ?? ''
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function readAttributes(source: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, name, value] of source.matchAll(/([\w.:-]+)="([^"]*)"/g)) {
    found[local(name ?? '')] = decodeEntities(value ?? '')
  }
  return found
}

function decodeEntities(source: string): string {
  return source.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
}
