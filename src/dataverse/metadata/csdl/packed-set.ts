import type { EntitySet } from './model.ts'

// XML has no such character, not even escaped: https://www.w3.org/TR/xml/#charsets
const SEPARATOR = '\u0000'

/** A set whose bindings are kept as one text and taken apart when they are asked for. */
export class PackedSet implements EntitySet {
  readonly name: string
  readonly entityType: string
  declare readonly changeTracking?: boolean
  readonly #bindings: string

  /** `bindings` holds a path and a set in turn. */
  constructor(set: Omit<EntitySet, 'bindings'>, bindings: readonly string[]) {
    this.name = set.name
    this.entityType = set.entityType
    if (set.changeTracking !== undefined) this.changeTracking = set.changeTracking
    this.#bindings = bindings.join(SEPARATOR)
  }

  get bindings(): ReadonlyMap<string, string> {
    const parts = this.#bindings.split(SEPARATOR)
    const bindings = new Map<string, string>()
    for (let at = 1; at < parts.length; at += 2) bindings.set(parts[at - 1] ?? '', parts[at] ?? '')
    return bindings
  }
}
