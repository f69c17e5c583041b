import type { Typed } from './model.ts'

/** The names of one document: how it writes those of the service's own namespace. */
export class Names {
  #prefixes: readonly string[] = []

  /** From now on these stand before the names of the service's own namespace. */
  own(namespaces: readonly string[]): void {
    this.#prefixes = namespaces.map((namespace) => `${namespace}.`)
  }

  /** A name, without the namespace where it is the service's own. */
  local(qualified: string): string {
    const prefix = this.#prefixes.find((one) => qualified.startsWith(one))
    return copied(prefix === undefined ? qualified : qualified.slice(prefix.length))
  }

  /** What `Collection(mscrm.account)` and `Edm.String` say. */
  type(text: string): Omit<Typed, 'nullable'> {
    const collection = text.startsWith('Collection(') && text.endsWith(')')
    const type = this.local(collection ? text.slice('Collection('.length, -1) : text)
    return { type, collection }
  }
}

/**
 * The same text as a string of its own. What the parser gives is cut out of a chunk of the document, and
 * would hold the whole chunk for as long as it is held.
 */
export function copied(text: string): string {
  return Buffer.from(text).toString()
}
