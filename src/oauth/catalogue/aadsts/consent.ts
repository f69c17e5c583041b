import type { CatalogueEntry } from '../entry.ts'
import { several } from '../several.ts'

const NEVER = { when: 'never' } as const

/** Failures of permissions, consent, resource and scope. */
export const consentEntries: readonly CatalogueEntry[] = [
  {
    code: '65001',
    name: 'DelegationDoesNotExist',
    what: 'Nobody has allowed the app to act for {userPrincipalName} yet.',
    why: 'The permission "Dynamics CRM, user_impersonation" has not been consented to, neither by the user nor by an administrator.',
    remedy:
      'Authenticate again and accept on the consent page. If only administrators may accept, let one open {adminConsentUrl}, or press "Grant admin consent" under API permissions in {portal}.',
    who: 'you',
    retry: NEVER,
    affects: 'credential',
  },
  {
    code: '65004',
    name: 'UserDeclinedConsent',
    what: 'The sign-in or the consent page was closed with Cancel.',
    why: 'The app may act for a user only after that user, or an administrator, has accepted.',
    remedy: 'Authenticate again, sign in, and press Accept.',
    who: 'you',
    retry: NEVER,
    affects: 'credential',
  },
  ...several(
    [
      ['90094', 'AdminConsentRequired'],
      ['90095', 'AdminConsentRequiredRequestAccess'],
    ],
    {
      what: 'Only an administrator may approve this app.',
      why: 'The directory does not let users consent by themselves.',
      remedy:
        'Send an administrator this link: {adminConsentUrl}. Once it has been accepted, authenticate again.',
      who: 'entra-administrator',
      retry: NEVER,
      affects: 'credential',
    },
  ),
  ...several(['90008', '650056'], {
    what: 'The app registration lacks the permission for Dynamics CRM, or consent to it.',
    why: 'API permissions does not list "Dynamics CRM, user_impersonation", or its status is "Not granted".',
    remedy:
      'In {portal} open App registrations, the app with the id {clientId}, API permissions; add "Dynamics CRM", "user_impersonation", then "Grant admin consent". Authenticate again.',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'auth-client',
  }),
  ...several(['650057', ['65005', 'MisconfiguredApplication']], {
    what: 'The app registration does not list the permission for {resource}.',
    why: 'Under API permissions "Dynamics CRM" is missing; its neighbours Business Central and Dynamics ERP are easily taken for it.',
    remedy:
      'In {portal} open App registrations, the app with the id {clientId}, API permissions, "Add a permission", "Dynamics CRM", tick user_impersonation, then "Grant admin consent". Authenticate again.',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'auth-client',
  }),
  {
    code: '650052',
    what: 'The directory has no Dynamics 365 or Dataverse.',
    why: 'The organization has no subscription for the service that the app asks for, or this is the wrong directory.',
    remedy:
      'Check that {tenantId} is the directory of the CRM environment; Fairlead can find it from the CRM address.',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'configuration',
  },
  ...several(
    [
      ['500011', 'InvalidResourceServicePrincipalNotFound'],
      ['50001', 'InvalidResource'],
    ],
    {
      what: '{resource} is not an environment of the directory {tenantId}.',
      why: 'The CRM address is mistyped, has been renamed, or belongs to another directory.',
      remedy:
        'Open the environment in a browser, copy its address as far as the host, such as https://org1.crm4.dynamics.com, into the Credential, and check that the endpoints name its directory; Fairlead can find it from that address.',
      who: 'you',
      retry: NEVER,
      affects: 'configuration',
    },
  ),
  ...several(['28002', '28003', ['70011', 'InvalidScope'], '1002012', '650053'], {
    what: 'The scope {scope} does not fit the environment.',
    why: 'A scope is the CRM address followed by /user_impersonation, or by /.default; an app without a user can use /.default only.',
    remedy:
      'Clear the scopes of the Auth Client so that Fairlead makes them from the CRM address, or write them as https://org1.crm4.dynamics.com/.default',
    who: 'you',
    retry: NEVER,
    affects: 'configuration',
  }),
]
