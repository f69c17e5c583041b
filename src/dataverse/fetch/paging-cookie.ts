import { SaxesParser } from 'saxes'

/**
 * Reads the cookie for the next page from its annotation, which is XML that holds the cookie encoded
 * twice; none where it is something else.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/page-results
 */
export function parsePagingCookie(annotation: string): string | undefined {
  let encoded: string | undefined
  const parser = new SaxesParser({})
  parser.on('error', () => undefined)
  parser.on('opentag', (tag) => {
    if (tag.name === 'cookie') encoded ??= tag.attributes['pagingcookie']
  })
  parser.write(annotation).close()
  if (encoded === undefined) return undefined
  try {
    return decodeURIComponent(decodeURIComponent(encoded))
  } catch {
    return undefined
  }
}

/** What a cookie says of its place, without the number of its page. */
export function placeOf(cookie: string | undefined): string {
  return (cookie ?? '').replace(/\bpage="\d*"/, '')
}
