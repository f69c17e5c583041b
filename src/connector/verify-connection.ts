import type { DataverseClient, Organization, WhoAmI } from '../dataverse/index.ts'

/** What a working connection leads to. */
export interface ConnectionIdentity {
  readonly user: WhoAmI
  readonly organization: Organization
}

/**
 * Checks that the environment answers in the user's name. What does not work throws the error that
 * explains it.
 */
export async function verifyConnection(
  dataverse: DataverseClient,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ConnectionIdentity> {
  const user = await dataverse.whoAmI(options)
  return { user, organization: await dataverse.organization(options) }
}
