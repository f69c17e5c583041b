import { notSupported } from '../fault.ts'

/** What a request prefers, and the words to say that it was heard. */
export interface Preferences {
  readonly representation: boolean
  /** Whether the caller does not wait for the result. */
  readonly respondAsync: boolean
  readonly pageSize: number | undefined
  /** Whether a link to the later changes of a list is wanted. */
  readonly trackChanges: boolean
  /** Whether an annotation of that name was asked for. */
  readonly wants: (annotation: string) => boolean
  readonly anyAnnotations: boolean
  readonly applied: readonly string[]
}

const ANNOTATIONS = 'odata.include-annotations'
const ITEM = /([\w.-]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^,;\s]*))?\s*(?:;[^,]*)?(?:,|$)/g

type Header = string | readonly string[] | undefined

/** Reads `Prefer`: one list, or several headers that node has joined with commas. */
export function readPreferences(header: Header): Preferences {
  const given = readItems(header)
  const respondAsync = given.has('respond-async')
  if (respondAsync && given.has('callback')) {
    throw notSupported('callbacks of background operations (Prefer: respond-async, callback)')
  }
  const applied: string[] = []
  const size = Number(given.get('odata.maxpagesize'))
  const pageSize = Number.isInteger(size) && size > 0 ? size : undefined
  if (pageSize !== undefined) applied.push(`odata.maxpagesize=${pageSize}`)
  const representation = given.get('return') === 'representation'
  if (representation) applied.push('return=representation')
  const annotations = given.get(ANNOTATIONS)
  if (annotations !== undefined) applied.push(`${ANNOTATIONS}="${annotations}"`)
  return {
    representation,
    respondAsync,
    pageSize,
    trackChanges: given.has('odata.track-changes'),
    wants: wishedAnnotations(header),
    anyAnnotations: annotations !== undefined,
    applied,
  }
}

/** Tells which annotations a `Prefer` header asks for; an error answer has some too. */
export function wishedAnnotations(header: Header): (name: string) => boolean {
  const wish = readItems(header).get(ANNOTATIONS)
  if (wish === undefined) return () => false
  const patterns = wish.split(',').map((pattern) => pattern.trim())
  return (name) => patterns.some((pattern) => fits(pattern, name))
}

function readItems(header: Header): Map<string, string> {
  const items = new Map<string, string>()
  const text = typeof header === 'string' ? header : (header ?? []).join(',')
  for (const [, name, value] of text.matchAll(ITEM)) {
    if (name !== undefined) items.set(name.toLowerCase(), (value ?? '').replace(/^"|"$/g, ''))
  }
  return items
}

function fits(pattern: string, name: string): boolean {
  if (pattern === '*') return true
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name
}
