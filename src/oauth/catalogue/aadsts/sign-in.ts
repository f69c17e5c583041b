import type { CatalogueEntry } from '../entry.ts'
import { several } from '../several.ts'

const NEVER = { when: 'never' } as const

/** Failures of the person's account and of the organization's policies. */
export const signInEntries: readonly CatalogueEntry[] = [
  ...several(
    [
      ['50076', 'UserStrongAuthClientAuthNRequired'],
      ['50079', 'UserStrongAuthEnrollmentRequired'],
      ['50074', 'UserStrongAuthClientAuthNRequiredInterrupt'],
      ['50072', 'UserStrongAuthEnrollmentRequiredInterrupt'],
      '50078',
      ['50158', 'ExternalSecurityChallengeNotSatisfied'],
    ],
    {
      what: 'Multi-factor authentication is demanded for {resource}.',
      why: "The organization's policy asks for a second factor, which only the person can give; no program can renew the sign-in without it.",
      remedy:
        'Authenticate again and complete (or set up) the second factor. If this comes back often, use an application user instead of a person.',
      who: 'you',
      retry: NEVER,
      affects: 'credential',
    },
  ),
  ...several(
    [
      ['53003', 'BlockedByConditionalAccess'],
      ['53000', 'DeviceNotCompliant'],
      ['53001', 'DeviceNotDomainJoined'],
      ['53002', 'ApplicationUsedIsNotAnApprovedApp'],
      '530032',
      '530033',
      '530034',
      '530035',
      ['53011', 'UserBlockedByRisk'],
      ['50131', 'ConditionalAccessFailed'],
    ],
    {
      what: 'A Conditional Access policy of the organization blocks this sign-in.',
      why: 'The policy demands a place, a device or a risk level that this sign-in does not have; a server rarely can.',
      remedy:
        'Give the trace id and time to the administrator, who finds the policy in the sign-in log and can exclude this app, or the address of the machine that runs Fairlead.',
      who: 'entra-administrator',
      retry: NEVER,
      affects: 'credential',
    },
  ),
  ...several(
    [
      ['50020', 'UserUnauthorized'],
      '16000',
      ['50034', 'UserAccountNotFound'],
      ['51004', 'UserAccountNotInDirectory'],
      '16003',
      ['90072', 'PassThroughUserMfaError'],
      '50014',
      '500208',
    ],
    {
      what: 'The account that signed in does not belong to the directory {tenantId}.',
      why: 'The browser was signed in with another account, a private one for instance, or the user has not been invited as a guest.',
      remedy:
        'Authenticate again and choose another account on the sign-in page, one of the organization that owns the environment.',
      who: 'you',
      retry: NEVER,
      affects: 'credential',
    },
  ),
  ...several(
    [
      ['50055', 'InvalidPasswordExpiredPassword'],
      ['50144', 'InvalidPasswordExpiredOnPremPassword'],
    ],
    {
      what: 'The password of {userPrincipalName} has expired.',
      why: 'The organization limits the age of passwords.',
      remedy: 'Set a new password, then authenticate again.',
      who: 'you',
      retry: NEVER,
      affects: 'credential',
    },
  ),
  {
    code: '50057',
    name: 'UserDisabled',
    what: 'The account of {userPrincipalName} is disabled.',
    why: 'An administrator has switched the account off, as is usual when a person leaves.',
    remedy:
      'Let an administrator enable it, or reconnect the Credential with another user or with an application user.',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'credential',
  },
  {
    code: '50053',
    name: 'IdsLocked',
    what: 'The account of {userPrincipalName} is locked.',
    why: 'There were too many failed sign-ins, or they came from a suspicious address.',
    remedy: 'Wait some minutes, or let an administrator unlock it; then authenticate again.',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'credential',
  },
  {
    code: '50126',
    name: 'InvalidUserNameOrPassword',
    what: 'The user name or password was wrong.',
    why: "What was typed on Microsoft's sign-in page did not match.",
    remedy: 'Authenticate again with the right user name and password.',
    who: 'you',
    retry: NEVER,
    affects: 'credential',
  },
  ...several(['500021', '500022', '500212', '500213'], {
    what: 'A policy forbids sign-ins between these organizations, or from this network.',
    why: 'Tenant restrictions or cross-tenant access settings of the one or the other organization refuse it.',
    remedy:
      'Ask the administrators of both organizations to allow the app with the id {clientId} and the directory {tenantId}.',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'credential',
  }),
]
