/** A definition that is no longer there. */
export interface DeletedDefinition {
  readonly kind: 'Attribute' | 'Entity' | 'Relationship' | 'OptionSet'
  readonly id: string
  readonly version: number
}

const FIRST_VERSION = 74_343_461

/** Remembers when each definition changed last, so that clients can ask for what is new to them. */
export class SchemaChanges {
  readonly #changed = new Map<string, number>()
  readonly #deleted: DeletedDefinition[] = []
  #version = FIRST_VERSION

  /** Rises with every change of any definition. */
  get version(): number {
    return this.#version
  }

  get deleted(): readonly DeletedDefinition[] {
    return this.#deleted
  }

  /** The version with which a definition, named by its id, became what it is. */
  versionOf(id: string): number {
    return this.#changed.get(id) ?? FIRST_VERSION
  }

  /** Notes that definitions became new or different. */
  touch(...ids: readonly string[]): void {
    this.#version += 1
    for (const id of ids) this.#changed.set(id, this.#version)
  }

  remove(kind: DeletedDefinition['kind'], id: string): void {
    this.touch()
    this.#changed.delete(id)
    this.#deleted.push({ kind, id, version: this.#version })
  }
}
