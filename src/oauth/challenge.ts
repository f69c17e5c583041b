/** What a 401 tells of where to get a token, and for what. */
export interface Challenge {
  readonly authorizationUri: string
  readonly resource: string
}

/**
 * Reads the Bearer challenge out of `WWW-Authenticate`. Dataverse writes its values without quotes, and
 * other schemes may stand before it.
 */
export function readChallenge(header: string): Challenge | undefined {
  const [, parameters = ''] = /(?:^|[\s,])bearer\s+(.*)$/is.exec(header) ?? []
  const authorizationUri = parameterOf(parameters, 'authorization_uri')
  const resource = parameterOf(parameters, 'resource_id')
  return authorizationUri && resource ? { authorizationUri, resource } : undefined
}

function parameterOf(parameters: string, name: string): string | undefined {
  const [, quoted, bare] =
    new RegExp(`(?:^|[\\s,])${name}\\s*=\\s*(?:"([^"]*)"|([^\\s,"]+))`, 'i').exec(parameters) ?? []
  return quoted ?? bare
}
