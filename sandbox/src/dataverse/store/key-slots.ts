import type { AlternateKey, Column } from '../schema/model.ts'
import type { Value } from './value.ts'

/** Where the rows of one table stand by the values of its alternate keys. */
export class KeySlots {
  readonly #raw: (slot: number, column: Column) => number | string | null
  #keys: readonly { readonly key: AlternateKey; readonly slots: Map<string, number> }[]

  constructor(
    keys: readonly AlternateKey[],
    raw: (slot: number, column: Column) => number | string | null,
  ) {
    this.#keys = keys.map((key) => ({ key, slots: new Map() }))
    this.#raw = raw
  }

  place(slot: number): void {
    for (const { key, slots } of this.#keys) {
      const joined = this.#joined(slot, key)
      if (joined !== undefined) slots.set(joined, slot)
    }
  }

  remove(slot: number): void {
    for (const { key, slots } of this.#keys) {
      const joined = this.#joined(slot, key)
      if (joined !== undefined) slots.delete(joined)
    }
  }

  /** Does what changes a row, and finds it by its new values from then on. */
  follow(slot: number, change: () => void): void {
    const before = this.#keys.map(({ key }) => this.#joined(slot, key))
    change()
    for (const [index, { key, slots }] of this.#keys.entries()) {
      const after = this.#joined(slot, key)
      const old = before[index]
      if (after === old) continue
      if (old !== undefined) slots.delete(old)
      if (after !== undefined) slots.set(after, slot)
    }
  }

  find(key: AlternateKey, values: readonly Value[]): number | undefined {
    const joined = joinKey(values)
    const found = this.#keys.find((candidate) => candidate.key === key)
    return joined === undefined ? undefined : found?.slots.get(joined)
  }

  /** Finds rows by one more key; false, and nothing done, when two of them share its values. */
  add(key: AlternateKey, rows: Iterable<number>): boolean {
    const slots = new Map<string, number>()
    for (const slot of rows) {
      const joined = this.#joined(slot, key)
      if (joined === undefined) continue
      if (slots.has(joined)) return false
      slots.set(joined, slot)
    }
    this.#keys = [...this.#keys, { key, slots }]
    return true
  }

  drop(key: AlternateKey): void {
    this.#keys = this.#keys.filter((known) => known.key !== key)
  }

  #joined(slot: number, key: AlternateKey): string | undefined {
    return joinKey(key.columns.map((column) => this.#raw(slot, column)))
  }
}

/** Keys compare without regard to case, as the database does; one with a null is no key. */
function joinKey(values: readonly Value[]): string | undefined {
  if (values.some((value) => value === null)) return undefined
  return JSON.stringify(
    values.map((value) => {
      if (typeof value === 'string') return value.toLowerCase()
      return typeof value === 'object' && value !== null ? value.id : value
    }),
  )
}
