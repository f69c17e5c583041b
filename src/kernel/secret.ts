const SHOWN = '[secret]'
const inspect = Symbol.for('nodejs.util.inspect.custom')

/**
 * A value that cannot print itself: string conversion, JSON and `util.inspect` all give `[secret]`.
 * Only {@link Secret.reveal} gives the text, so that every use is found by its name.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** Gives the text itself: for what is sent or stored encrypted, never for what is shown. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return SHOWN
  }

  toJSON(): string {
    return SHOWN
  }

  [inspect](): string {
    return SHOWN
  }
}
