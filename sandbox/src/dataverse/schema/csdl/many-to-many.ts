import type { ManyToMany } from '../model.ts'
import type { CsdlType } from './read-document.ts'

/**
 * Finds many-to-many relationships: collections that are each other's partner. Where the document has
 * no table that could stand between, it stays nameless.
 */
export function findManyToMany(types: ReadonlyMap<string, CsdlType>): ManyToMany[] {
  const found = new Map<string, ManyToMany>()
  for (const type of types.values()) {
    for (const { name, partner, target, many } of type.navigations) {
      if (!many || found.has(name) || found.has(partner)) continue
      const back = types.get(target)?.navigations.find((other) => other.name === partner)
      if (!back?.many || back.target !== type.name || back.partner !== name) continue
      const between = findBetween(types, name, type, target)
      const { middle, here, there } = between ?? { middle: '', here: '', there: '' }
      found.set(name, {
        schemaName: name,
        first: type.name,
        second: target,
        between: middle,
        firstColumn: here,
        secondColumn: there,
        firstNavigation: name,
        secondNavigation: partner,
      })
    }
  }
  return [...found.values()]
}

interface Between {
  readonly middle: string
  readonly here: string
  readonly there: string
}

/**
 * The document does not say which table stands between: it is the one with a column for the key of
 * each side, of the relationship's own name or one that the name begins with.
 */
function findBetween(
  types: ReadonlyMap<string, CsdlType>,
  name: string,
  type: CsdlType,
  target: string,
): Between | undefined {
  const own = keyOf(type)
  const other = keyOf(types.get(target))
  const [here, there] = own === other ? [`${own}one`, `${own}two`] : [own, other]
  const fits = (candidate: CsdlType | undefined): candidate is CsdlType =>
    candidate !== undefined &&
    [here, there].every((column) =>
      candidate.properties.some((one) => one.name === column && one.type === 'Edm.Guid'),
    )
  const short = name.replace(/_association$/, '')
  const direct = [types.get(name), types.get(name.toLowerCase()), types.get(short)].find(fits)
  if (direct) return { middle: direct.name, here, there }
  const candidates = [...types.values()].filter(
    (candidate) => fits(candidate) && candidate.properties.length < 16,
  )
  const named = candidates.filter((candidate) => short.startsWith(candidate.name.slice(0, 8)))
  const [middle] = named.length > 0 ? named : candidates
  return middle && { middle: middle.name, here, there }
}

function keyOf(type: CsdlType | undefined): string {
  const own = type && `${type.name}id`
  if (own !== undefined && type?.properties.some(({ name }) => name === own)) return own
  return type?.key[0] ?? ''
}
