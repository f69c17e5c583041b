const CHUNK = 16_384
const FIRST_CAPACITY = 65_536

/** Collects a long body as bytes in small steps, so that no long text has to be copied. */
export class BodyWriter {
  #bytes = Buffer.allocUnsafe(FIRST_CAPACITY)
  #used = 0
  #pending = ''

  write(text: string): void {
    this.#pending += text
    if (this.#pending.length > CHUNK) this.#flush()
  }

  finish(): Buffer {
    this.#flush()
    return this.#bytes.subarray(0, this.#used)
  }

  #flush(): void {
    const most = this.#pending.length * 3
    if (this.#used + most > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#used + most))
      this.#bytes.copy(larger, 0, 0, this.#used)
      this.#bytes = larger
    }
    this.#used += this.#bytes.write(this.#pending, this.#used, 'utf8')
    this.#pending = ''
  }
}
