const patienceMs = 1_000

/**
 * Stops in order at the first signal, and at once at a second one. One key press may arrive twice, from the
 * terminal and from the program that started this one: what follows within a second is the same.
 */
export function stopOnSignals(stop: AbortController, code: number): void {
  let first: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      first ??= performance.now()
      if (performance.now() - first > patienceMs) process.exit(code)
      stop.abort(new DOMException(`Stopped by ${signal}`, 'AbortError'))
    })
  // The program that started this one was killed: nobody could stop this one any more.
  process.on('disconnect', () => stop.abort(new DOMException('Left alone', 'AbortError')))
  process.channel?.unref()
}
