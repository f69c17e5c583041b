import { SaxesParser } from 'saxes'
import { malformedFetch } from './errors.ts'

/** One element of a parsed document. */
export interface XmlElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  readonly text: string
}

interface Draft extends XmlElement {
  readonly children: Draft[]
  text: string
}

const MAX_DEPTH = 100

/**
 * Parses a document into its elements.
 * @throws Fault 0x80040303 when it is not well-formed
 */
export function readXml(text: string): XmlElement {
  const parser = new SaxesParser()
  const open: Draft[] = []
  let root: Draft | undefined
  parser.on('error', () => {
    throw malformedFetch()
  })
  parser.on('doctype', () => {
    throw malformedFetch()
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element: Draft = {
      name,
      attributes: new Map(Object.entries(attributes)),
      children: [],
      text: '',
    }
    const parent = open.at(-1)
    if (parent) parent.children.push(element)
    else root ??= element
    open.push(element)
    if (open.length > MAX_DEPTH) throw malformedFetch()
  })
  const append = (part: string): void => {
    const current = open.at(-1)
    if (current) current.text += part
  }
  parser.on('text', append)
  parser.on('cdata', append)
  parser.on('closetag', () => {
    open.pop()
  })
  parser.write(text).close()
  if (!root) throw malformedFetch()
  return root
}
