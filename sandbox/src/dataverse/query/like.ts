/** What may stand at one place: `%` is any run of characters, the others take exactly one. */
type Place = '%' | ((character: string) => boolean)

const WILDCARDS = /[%_[]/

/** Makes a test for text in which the database's wildcards count: `%`, `_`, `[abc]`, `[^abc]`. */
export function likeTest(
  search: string,
  where: 'contains' | 'startswith' | 'endswith' | 'whole',
): (text: string) => boolean {
  const wanted = search.toLowerCase()
  if (!WILDCARDS.test(search)) {
    if (where === 'contains') return (text) => text.toLowerCase().includes(wanted)
    if (where === 'startswith') return (text) => text.toLowerCase().startsWith(wanted)
    if (where === 'whole') return (text) => text.toLowerCase() === wanted
    return (text) => text.toLowerCase().endsWith(wanted)
  }
  const before: Place[] = where === 'startswith' || where === 'whole' ? [] : ['%']
  const after: Place[] = where === 'endswith' || where === 'whole' ? [] : ['%']
  const places = [...before, ...readPlaces(wanted), ...after]
  return (text) => matches([...text.toLowerCase()], places)
}

function readPlaces(search: string): Place[] {
  const places: Place[] = []
  const characters = [...search]
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? ''
    const end = character === '[' ? characters.indexOf(']', at + 2) : -1
    if (character === '%') places.push('%')
    else if (character === '_') places.push(() => true)
    else if (end > 0) {
      places.push(characterSet(characters.slice(at + 1, end)))
      at = end
    } else places.push((one) => one === character)
  }
  return places
}

/** `abc`, `a-f`, each after `^` the other way round. */
function characterSet(inside: readonly string[]): (character: string) => boolean {
  const negated = inside[0] === '^'
  const members = negated ? inside.slice(1) : inside
  const ranges: (readonly [low: string, high: string])[] = []
  for (let at = 0; at < members.length; at += 1) {
    const low = members[at] ?? ''
    const isRange = members[at + 1] === '-' && at + 2 < members.length
    ranges.push([low, isRange ? (members[at + 2] ?? low) : low])
    if (isRange) at += 2
  }
  return (character) =>
    ranges.some(([low, high]) => character >= low && character <= high) !== negated
}

/** Walks once over the text: only the last `%` is ever tried again, so that no search takes long. */
function matches(text: readonly string[], places: readonly Place[]): boolean {
  let at = 0
  let place = 0
  let retry: { place: number; at: number } | undefined
  while (at < text.length) {
    const wanted = places[place]
    if (wanted === '%') {
      retry = { place: place + 1, at }
      place += 1
    } else if (wanted?.(text[at] ?? '')) {
      place += 1
      at += 1
    } else if (retry) {
      retry.at += 1
      at = retry.at
      place = retry.place
    } else return false
    if (place === places.length && places.at(-1) === '%') return true
  }
  return places.slice(place).every((rest) => rest === '%')
}
