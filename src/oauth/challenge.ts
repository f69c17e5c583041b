import { readBearerChallenge } from '../transport/index.ts'

/** What a 401 tells of where to get a token, and for what. */
export interface Challenge {
  readonly authorizationUri: string
  readonly resource: string
}

/** Reads what the challenge of an environment must tell; `undefined` where either part is missing. */
export function readChallenge(header: string): Challenge | undefined {
  const parameters = readBearerChallenge(header)
  const authorizationUri = parameters.get('authorization_uri')
  const resource = parameters.get('resource_id')
  return authorizationUri && resource ? { authorizationUri, resource } : undefined
}
