/**
 * Turns work that tells of each thing as it happens into an iterable of them; its result comes after the
 * last. Things wait for a slow taker: use it for work that tells of few.
 */
export function arrivals<Item, Result>(
  work: (tell: (item: Item) => void) => Promise<Result>,
): { readonly items: AsyncIterable<Item>; readonly result: Promise<Result> } {
  const arrived: Item[] = []
  let ended = false
  let wake = () => undefined
  const result = work((item) => {
    arrived.push(item)
    wake()
  }).finally(() => {
    ended = true
    wake()
  })
  result.catch(() => undefined)
  async function* items() {
    for (;;) {
      const item = arrived.shift()
      if (item !== undefined) yield item
      else if (ended) return
      else
        await new Promise<void>((resolve) => {
          wake = () => void resolve()
        })
    }
  }
  return { items: items(), result }
}
