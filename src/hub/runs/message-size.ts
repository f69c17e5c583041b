import type { Json } from '../../kernel/index.ts'

// A character is at most six bytes as JSON: \u001f. A number has at most 24.
const CHARACTER_BYTES = 6
const SCALAR_BYTES = 24

/**
 * The size of a value as JSON in bytes, if it is more than `most`: most values are far from it, and are seen to
 * be without being written out.
 */
export function sizeBeyond(value: Json, most: number): number | undefined {
  if (boundOf(value) <= most) return undefined
  const bytes = Buffer.byteLength(JSON.stringify(value))
  return bytes > most ? bytes : undefined
}

function boundOf(value: Json): number {
  if (typeof value === 'string') return value.length * CHARACTER_BYTES + 2
  if (typeof value !== 'object' || value === null) return SCALAR_BYTES
  let bound = 2
  if (isList(value)) {
    for (const item of value) bound += boundOf(item) + 1
    return bound
  }
  for (const name in value)
    bound += name.length * CHARACTER_BYTES + 4 + boundOf(value[name] ?? null)
  return bound
}

// Array.isArray does not tell a list that cannot be written to from an object.
function isList(value: Json & object): value is readonly Json[] {
  return Array.isArray(value)
}
