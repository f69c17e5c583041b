import type { CatalogueEntry } from '../entry.ts'
import { several } from '../several.ts'

const NEVER = { when: 'never' } as const

/** Failures of a code or refresh token: as a rule, the person signs in again. */
export const grantEntries: readonly CatalogueEntry[] = [
  {
    code: '54005',
    what: 'This sign-in has been used already.',
    why: 'The page that ends the sign-in was opened twice: by a reload, the back button, or a program that opens links in advance.',
    remedy: 'Look whether the Credential is connected by now; if not, authenticate again.',
    who: 'you',
    retry: NEVER,
    affects: 'credential',
  },
  {
    code: '70008',
    name: 'ExpiredOrRevokedGrant',
    what: 'The sign-in has expired.',
    why: 'More than ten minutes passed before it was finished, or the connection lay unused for 90 days.',
    remedy: 'Authenticate again.',
    who: 'you',
    retry: NEVER,
    affects: 'credential',
  },
  {
    code: '700082',
    name: 'ExpiredOrRevokedGrantInactiveToken',
    what: 'The connection has not been used for 90 days and has expired.',
    why: 'A refresh token ends when it is not used within 90 days. Fairlead renews it in time, unless it was not running.',
    remedy: 'Authenticate again, and keep Fairlead running so that it can renew idle connections.',
    who: 'you',
    retry: NEVER,
    affects: 'credential',
  },
  {
    code: '700084',
    what: 'The connection ended after 24 hours.',
    why: 'The redirect address is registered under "Single-page application", whose sign-ins last one day and cannot be prolonged.',
    remedy:
      'In {portal} open App registrations, the app, Authentication; remove {redirectUri} under "Single-page application", add it under "Web", and authenticate again.',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'credential',
  },
  {
    code: '70043',
    name: 'BadTokenDueToSignInFrequency',
    what: 'Your organization demands a fresh sign-in at regular intervals, and one is due.',
    why: 'A Conditional Access policy limits how long a sign-in lasts. It will end again after the same time.',
    remedy:
      'Authenticate again. For a connection that lasts, use an application user (grant "app"), which the policy does not touch, or let an administrator exclude this app from the sign-in frequency.',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'credential',
  },
  ...several(
    [
      ['50173', 'FreshTokenNeeded'],
      ['50133', 'SsoArtifactRevoked'],
      ['50132', 'SsoArtifactInvalidOrExpired'],
      '50089',
    ],
    {
      what: 'The sign-in has been revoked.',
      why: 'The password was changed, or the user or an administrator ended all sessions.',
      remedy: 'Authenticate again.',
      who: 'you',
      retry: NEVER,
      affects: 'credential',
    },
  ),
  ...several([['70000', 'InvalidGrant'], '9002313'], {
    what: 'Entra ID could not read the stored sign-in.',
    why: 'It was cut short, belongs to another app, or Entra ID had a passing fault: this answer is known to come and go.',
    remedy: 'Fairlead tries once more by itself; if it stays, authenticate again.',
    who: 'you',
    retry: { when: 'once' },
    affects: 'credential',
  }),
  ...several(['501481', ['50147', 'MissingCodeChallenge'], '501491'], {
    what: 'The end of this sign-in does not fit its beginning.',
    why: 'Two sign-ins overlapped, or the answer of an old one was used.',
    remedy: 'Close the other tabs and authenticate again.',
    who: 'you',
    retry: NEVER,
    affects: 'credential',
  }),
]
