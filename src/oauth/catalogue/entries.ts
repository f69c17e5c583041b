import { addressEntries } from './aadsts/addresses.ts'
import { clientProofEntries } from './aadsts/client-proofs.ts'
import { consentEntries } from './aadsts/consent.ts'
import { grantEntries } from './aadsts/grants.ts'
import { registrationEntries } from './aadsts/registration.ts'
import { serviceEntries } from './aadsts/service.ts'
import { signInEntries } from './aadsts/sign-in.ts'
import { accessEntries } from './dataverse/access.ts'
import { limitEntries } from './dataverse/limits.ts'
import { requestEntries } from './dataverse/requests.ts'
import type { CatalogueEntry } from './entry.ts'
import { oauthErrorEntries } from './oauth-errors.ts'

/** One chapter of the catalogue: entries that a person would look for together. */
export interface CatalogueChapter {
  readonly title: string
  readonly kind: 'entra' | 'dataverse' | 'oauth'
  readonly entries: readonly CatalogueEntry[]
}

/** The whole catalogue, in the order in which a connection meets these failures. */
export const CATALOGUE: readonly CatalogueChapter[] = [
  { title: 'Endpoints and directories', kind: 'entra', entries: addressEntries },
  { title: 'The app registration', kind: 'entra', entries: registrationEntries },
  { title: 'Secrets and certificates', kind: 'entra', entries: clientProofEntries },
  { title: 'Permissions, consent and scopes', kind: 'entra', entries: consentEntries },
  { title: 'Accounts and policies', kind: 'entra', entries: signInEntries },
  { title: 'Codes and refresh tokens', kind: 'entra', entries: grantEntries },
  { title: 'Service and device codes', kind: 'entra', entries: serviceEntries },
  { title: 'Access to the environment', kind: 'dataverse', entries: accessEntries },
  { title: 'Limits and passing failures', kind: 'dataverse', entries: limitEntries },
  { title: 'Requests', kind: 'dataverse', entries: requestEntries },
  { title: 'Answers without a number', kind: 'oauth', entries: oauthErrorEntries },
]

const BY_CODE: ReadonlyMap<string, CatalogueEntry> = new Map(
  CATALOGUE.flatMap(({ entries }) => entries).map((entry) => [entry.code, entry]),
)

/** Finds an entry by its code in the catalogue's own form. */
export function entryOf(code: string): CatalogueEntry | undefined {
  return BY_CODE.get(code)
}
