import { notSupported } from '../fault.ts'

/** What a request prefers, and the words to say that it was heard. */
export interface Preferences {
  readonly representation: boolean
  readonly pageSize: number | undefined
  /** Whether an annotation of that name was asked for. */
  readonly wants: (annotation: string) => boolean
  readonly anyAnnotations: boolean
  readonly applied: readonly string[]
}

const ITEM = /([\w.-]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^,;\s]*))?\s*(?:;[^,]*)?(?:,|$)/g

/** Reads `Prefer`: one list, or several headers that node has joined with commas. */
export function readPreferences(header: string | undefined): Preferences {
  const given = new Map<string, { value: string; written: string }>()
  for (const [written, name, value] of (header ?? '').matchAll(ITEM)) {
    if (name === undefined) continue
    const plain = (value ?? '').replace(/^"|"$/g, '')
    given.set(name.toLowerCase(), { value: plain, written: written.replace(/,$/, '').trim() })
  }
  if (given.has('odata.track-changes'))
    throw notSupported('change tracking (Prefer: odata.track-changes)')
  if (given.has('respond-async'))
    throw notSupported('background operations (Prefer: respond-async)')
  const applied: string[] = []
  const size = Number(given.get('odata.maxpagesize')?.value)
  const pageSize = Number.isInteger(size) && size > 0 ? size : undefined
  if (pageSize !== undefined) applied.push(`odata.maxpagesize=${pageSize}`)
  const representation = given.get('return')?.value === 'representation'
  if (representation) applied.push('return=representation')
  const annotations = given.get('odata.include-annotations')
  if (annotations) applied.push(`odata.include-annotations="${annotations.value}"`)
  const patterns = (annotations?.value ?? '').split(',').map((pattern) => pattern.trim())
  return {
    representation,
    pageSize,
    wants: annotations ? (name) => patterns.some((pattern) => fits(pattern, name)) : () => false,
    anyAnnotations: annotations !== undefined,
    applied,
  }
}

function fits(pattern: string, name: string): boolean {
  if (pattern === '*') return true
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name
}
