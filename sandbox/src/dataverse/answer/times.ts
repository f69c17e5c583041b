const DAY = 86_400_000
const MOST_DAYS = 4_096
const PAIRS: readonly string[] = Array.from({ length: 60 }, (_, value) =>
  String(value).padStart(2, '0'),
)

/**
 * Makes a writer of times as the service writes them: whole seconds, UTC. Rows share few days, so
 * that working a date out once for each day saves most of the work.
 */
export function timeWriter(): (value: number) => string {
  const days = new Map<number, string>()
  const dayOf = (day: number): string => {
    const known = days.get(day)
    if (known !== undefined) return known
    if (days.size === MOST_DAYS) days.clear()
    const text = `"${new Date(day * DAY).toISOString().slice(0, 11)}`
    days.set(day, text)
    return text
  }
  return (value) => {
    const day = Math.floor(value / DAY)
    const seconds = Math.floor((value - day * DAY) / 1000)
    const minutes = Math.floor(seconds / 60)
    const hours = Math.floor(minutes / 60)
    return `${dayOf(day)}${PAIRS[hours]}:${PAIRS[minutes % 60]}:${PAIRS[seconds % 60]}Z"`
  }
}
