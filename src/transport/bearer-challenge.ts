const LONGEST = 8_000

/**
 * Reads the parameters of a `Bearer` challenge in `WWW-Authenticate`, by their names in small letters;
 * none where there is no such challenge. Dataverse writes values without quotes, and other schemes may
 * stand before this one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export function readBearerChallenge(header: string | null): ReadonlyMap<string, string> {
  const [, parameters = ''] =
    /(?:^|[\s,])bearer\s+(.*)$/is.exec(header?.slice(0, LONGEST) ?? '') ?? []
  // A bare value may be a sentence: it goes on to a comma, or to the next name.
  const found = parameters.matchAll(
    /([a-z_]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+(?:[ \t]+(?![a-z_]+[ \t]*=)[^\s,"]+)*))/gi,
  )
  return new Map(
    [...found].map(([, name = '', quoted, bare = '']) => [name.toLowerCase(), quoted ?? bare]),
  )
}
