type Compare<Item> = (left: Item, right: Item) => number

/** The first items of an order, in order, without putting all the others in order. */
export function firstOf<Item>(
  items: readonly Item[],
  count: number,
  compare: Compare<Item>,
): Item[] {
  if (count * 4 >= items.length) return items.toSorted(compare).slice(0, count)
  // A heap whose top is the last of those that are kept.
  const heap = items.slice(0, count)
  for (let at = (count >> 1) - 1; at >= 0; at -= 1) sink(heap, at, compare)
  for (let index = count; index < items.length; index += 1) {
    const item = items[index]
    const top = heap[0]
    if (item === undefined || top === undefined || compare(item, top) >= 0) continue
    heap[0] = item
    sink(heap, 0, compare)
  }
  return heap.sort(compare)
}

function sink<Item>(heap: Item[], start: number, compare: Compare<Item>): void {
  for (let at = start; ; ) {
    const item = heap[at]
    const left = heap[2 * at + 1]
    const right = heap[2 * at + 2]
    if (item === undefined || left === undefined) return
    const isRight = right !== undefined && compare(right, left) > 0
    const child = isRight ? right : left
    if (compare(child, item) <= 0) return
    heap[at] = child
    at = 2 * at + (isRight ? 2 : 1)
    heap[at] = item
  }
}
