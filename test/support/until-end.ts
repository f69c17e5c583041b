import type { TestContext } from 'node:test'

/** Keeps things for a test and lets go of them at its end, the last one first. */
export function untilEnd(t: TestContext): <T extends AsyncDisposable>(kept: T) => T {
  const all: AsyncDisposable[] = []
  t.after(async () => {
    for (const kept of all.reverse()) await kept[Symbol.asyncDispose]()
  })
  return (kept) => {
    all.push(kept)
    return kept
  }
}
