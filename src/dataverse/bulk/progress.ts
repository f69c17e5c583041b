/** Which rows have had their outcome, up to where without a gap. */
export class Progress {
  readonly #beyond = new Set<number>()
  #checkpoint: number

  constructor(from: number) {
    this.#checkpoint = from
  }

  /** The number of rows, from the first one, that all have had their outcome. */
  get checkpoint(): number {
    return this.#checkpoint
  }

  /** Notes an outcome. */
  add(index: number): number {
    this.#beyond.add(index)
    while (this.#beyond.delete(this.#checkpoint)) this.#checkpoint += 1
    return this.#checkpoint
  }
}
