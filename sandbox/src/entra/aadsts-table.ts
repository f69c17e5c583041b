import type { AadstsEntry } from './aadsts-entry.ts'
import { CLIENT_FAILURES } from './aadsts-of-clients.ts'
import { GRANT_FAILURES } from './aadsts-of-grants.ts'

/** The failures that the sandbox can produce, by the number that Microsoft gives them. */
export const AADSTS_TABLE: Readonly<Record<number, AadstsEntry>> = {
  ...CLIENT_FAILURES,
  ...GRANT_FAILURES,
}
