import {
  type CallOptions,
  type DataverseClient,
  DataverseError,
  type WhoAmI,
} from '../../dataverse/index.ts'
import type { Credential } from '../vault/index.ts'
import { ConnectError } from './connect-error.ts'

/**
 * Asks the environment whom it takes the caller for.
 *
 * @throws ConnectError `api_version_unsupported`: every version that is served has WhoAmI
 */
export async function askWhoAmI(
  client: DataverseClient,
  credential: Credential,
  options: CallOptions,
): Promise<WhoAmI> {
  try {
    return await client.whoAmI(options)
  } catch (error) {
    const missing = error instanceof DataverseError && error.status === 404
    throw missing ? unsupportedVersion(credential, error) : error
  }
}

/** The error for a version of the Web API that the environment does not serve. */
export function unsupportedVersion(
  { apiVersion, environmentUrl }: Pick<Credential, 'apiVersion' | 'environmentUrl'>,
  cause?: unknown,
): ConnectError {
  return new ConnectError('api_version_unsupported', {
    what: `The environment does not serve the Web API ${apiVersion}.`,
    why: `${new URL(environmentUrl).host} does not know /api/data/${apiVersion}/.`,
    remedy: 'Use v9.2, or leave the API version empty.',
    facts: { apiVersion },
    cause,
  })
}
