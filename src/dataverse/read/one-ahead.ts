import type { CallOptions } from '../call-options.ts'

// Nobody sees it; the default reason is an error with its stack, made anew each time.
const OVER = 'over'

/** Whether reading runs ahead. */
export interface ReadAhead {
  /** Whether the next page is asked for while the current one is used, as it is by default. */
  readonly readAhead?: boolean
}

/** Reads pages one ahead, unless told otherwise; `begin` gets the options with a signal of its own. */
export function ahead<Item, Options extends ReadAhead & Pick<CallOptions, 'signal'>>(
  begin: (options: Options) => AsyncGenerator<Item, void, undefined>,
  options: Options,
): AsyncGenerator<Item, void, undefined> {
  if (options.readAhead === false) return begin(options)
  return oneAhead((signal) => begin({ ...options, signal }), options.signal)
}

/**
 * Gives what a generator gives, with the next item on its way while the current one is used: never more
 * than one. Whoever stops taking calls off what is on its way, and its failure is told to nobody.
 */
export async function* oneAhead<Item>(
  begin: (signal: AbortSignal) => AsyncGenerator<Item, void, undefined>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item, void, undefined> {
  const stop = new AbortController()
  const items = begin(signal ? AbortSignal.any([signal, stop.signal]) : stop.signal)
  let next = items.next()
  try {
    while (true) {
      const item = await next
      if (item.done) return
      next = items.next()
      // It is told when the item is taken; until then it would count as told to nobody.
      next.catch(() => undefined)
      yield item.value
    }
  } finally {
    stop.abort(OVER)
  }
}
