import type { Option, OptionsContext } from '../entry.ts'

/** An entry of a dropdown, and the names by which people may look for it. */
export interface Listed {
  readonly option: Option
  readonly names: readonly (string | undefined)[]
}

/** Those of a dropdown's entries that people may mean by what they typed, as many as are wanted. */
export function searchOptions(
  options: readonly Option[],
  { search = '', limit }: Pick<OptionsContext, 'search' | 'limit'>,
): readonly Option[] {
  const listed = options.map((option) => ({ option, names: [option.label, option.value] }))
  return findListed(listed, search).slice(0, limit)
}

/**
 * Finds entries by what was typed, without regard to case and accents: first those that are called so,
 * then those that begin so, then those of which a word does, then those that hold it or all its words.
 * Equally good ones stay in their order.
 */
export function findListed(listed: readonly Listed[], search: string): readonly Option[] {
  const wanted = plain(search)
  if (wanted === '') return listed.map(({ option }) => option)
  const found = listed.flatMap(({ option, names }) => {
    const ranks = names.map((name) =>
      name === undefined ? NOT_FOUND : rankOf(plain(name), wanted),
    )
    const rank = Math.min(...ranks)
    return rank === NOT_FOUND ? [] : [{ option, rank }]
  })
  return found.toSorted((a, b) => a.rank - b.rank).map(({ option }) => option)
}

const NOT_FOUND = Number.POSITIVE_INFINITY

function rankOf(name: string, wanted: string): number {
  if (!name.includes(wanted)) {
    const parts = wanted.split(/\s+/)
    return parts.length > 1 && parts.every((part) => name.includes(part)) ? 4 : NOT_FOUND
  }
  if (name.startsWith(wanted)) return name === wanted ? 0 : 1
  const words = name.split(/[^\p{L}\p{N}]+/u)
  return words.some((word) => word.startsWith(wanted)) ? 2 : 3
}

const ASCII = /^[\x20-\x7e]*$/

// Both the letter with its accent and the letter alone find each other.
function plain(text: string): string {
  const bare = ASCII.test(text) ? text : text.normalize('NFD').replace(/\p{M}+/gu, '')
  return bare.trim().toLowerCase()
}
