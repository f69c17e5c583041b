const TIME =
  /^(\d{4}-\d{2}-(\d{2}))(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?:Z|[+-]\d{2}:\d{2}))?$/i

/** Reads a date, or a time with its zone, as ms since 1970; undefined when there is no such day or time. */
export function readCalendarText(text: string): number | undefined {
  const match = TIME.exec(text)
  const time = match ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) return undefined
  // JavaScript takes 31 February for 2 March.
  const day = new Date(`${match?.[1]}T00:00:00Z`).getUTCDate()
  return day === Number(match?.[2]) ? time : undefined
}
