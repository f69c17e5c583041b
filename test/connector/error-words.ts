import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { CodedError } from '../../src/kernel/index.ts'

const documented = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')

// Words of a parser or of ours, secrets, paths of this machine, and what a terminal would obey.
const UNFIT =
  /Invalid input|undefined|\[object|Correct this|\.{2,}$|node_modules|file:\/\/\/|\p{Cc}/u

/** Expects an error that is told in whole sentences, stands in the documents and holds no secret. */
export function checkWords(error: CodedError, secret: string): void {
  const { what, why, remedy } = error.explanation
  for (const words of [what, why, remedy]) {
    assert.match(words, /^[\p{L}\p{N}“].*[.?!”]$/su, words)
    assert.ok(words.length < 2_500, words)
    assert.doesNotMatch(words.replace(/“.*”/s, '“”'), UNFIT, words)
  }
  assert.ok(documented.includes(`\`${error.code}\``), `${error.code} is not documented`)
  assert.ok(!JSON.stringify(error).includes(secret))
}
