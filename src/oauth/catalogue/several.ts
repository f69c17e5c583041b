import type { CatalogueEntry } from './entry.ts'

/** A code alone, or with the name that Microsoft's documents give it. */
export type NamedCode = string | readonly [code: string, name: string]

/** Makes one entry for each of several codes that mean the same to a person. */
export function several(
  codes: readonly NamedCode[],
  shared: Omit<CatalogueEntry, 'code' | 'name'>,
): readonly CatalogueEntry[] {
  return codes.map((named) => {
    if (typeof named === 'string') return { code: named, ...shared }
    const [code, name] = named
    return { code, name, ...shared }
  })
}
