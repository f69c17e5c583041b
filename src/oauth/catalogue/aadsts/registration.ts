import type { CatalogueEntry } from '../entry.ts'
import { several } from '../several.ts'

const NEVER = { when: 'never' } as const

/** Failures of the app registration itself: its id, its redirect addresses, its kind. */
export const registrationEntries: readonly CatalogueEntry[] = [
  {
    code: '50011',
    name: 'InvalidReplyTo',
    what: 'The redirect address that was sent is not one of those that the app registration allows.',
    why: 'Entra ID compares it character by character: http or https, capitals, the port and a last slash all count.',
    remedy:
      'In {portal} open App registrations, the app with the id {clientId}, Authentication, and add under the platform "Web" exactly: {redirectUri}. If it stands under "Single-page application" or "Mobile and desktop", remove it there first.',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'configuration',
  },
  {
    code: '900971',
    what: 'The app registration has no redirect address at all.',
    why: 'Entra ID sends people back only to addresses that the app registration lists.',
    remedy:
      'In {portal} open App registrations, the app, Authentication, "Add a platform", "Web", and enter exactly: {redirectUri}',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'configuration',
  },
  ...several(
    [
      ['700016', 'UnauthorizedClient_DoesNotMatchRequest'],
      '700011',
      ['70001', 'UnauthorizedClient'],
    ],
    {
      what: 'Entra ID knows no app with the id {clientId} in {tenantId}.',
      why: 'The Client Id is another value than "Application (client) ID" (the Object ID and the Secret ID look alike), the app belongs to another directory, or it has been disabled or deleted.',
      remedy:
        'Copy "Application (client) ID" from the Overview page of the app registration into the Auth Client, and check that "Directory (tenant) ID" on that page is the directory that the endpoints name.',
      who: 'you',
      retry: NEVER,
      affects: 'auth-client',
    },
  ),
  {
    code: '7000112',
    name: 'UnauthorizedClientApplicationDisabled',
    what: 'The app has been switched off in this directory.',
    why: 'Under Enterprise applications, "Enabled for users to sign in" is set to No.',
    remedy:
      'In {portal} open Enterprise applications, the app with the id {clientId}, Properties, and set "Enabled for users to sign in" to Yes.',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'auth-client',
  },
  {
    code: '7000229',
    what: 'The app is registered, but has no enterprise application in this directory.',
    why: 'A registration that was made by script or in another directory lacks its service principal until someone consents.',
    remedy:
      'Grant admin consent once under API permissions, or run: az ad sp create --id {clientId}',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'auth-client',
  },
  {
    code: '1000031',
    what: 'The app cannot be used in this directory.',
    why: 'An administrator has blocked it.',
    remedy: 'Ask the administrator of the directory to allow the app with the id {clientId}.',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'auth-client',
  },
  {
    code: '65002',
    what: 'The app may not ask for this resource without an approval by Microsoft.',
    why: "The Client Id belongs to one of Microsoft's own apps, which may not be used here.",
    remedy: 'Register an app of your own and use its Client Id; the guide shows each step.',
    who: 'you',
    retry: NEVER,
    affects: 'auth-client',
  },
  ...several(['9002325', '9002327'], {
    what: 'The redirect address is registered under "Single-page application".',
    why: 'A code sent to such an address may be redeemed by a browser only, and its refresh tokens end after 24 hours.',
    remedy:
      'In {portal} open App registrations, the app, Authentication; remove {redirectUri} under "Single-page application" and add it under "Web". Then authenticate again.',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'configuration',
  }),
  ...several(['700025', ['90023', 'InvalidRequest']], {
    what: 'Entra ID treats the app as a public client, which must not send a secret.',
    why: 'The redirect address is registered under "Mobile and desktop applications", or a device code sign-in was combined with a client secret.',
    remedy:
      'In {portal} open App registrations, the app, Authentication, and move {redirectUri} to the platform "Web"; or remove the secret from the Auth Client if it is meant for device codes only.',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'configuration',
  }),
  {
    code: '50105',
    name: 'EntitlementGrantsNotFound',
    what: '{userPrincipalName} is not assigned to the app.',
    why: 'The enterprise application demands that its users are assigned to it one by one or by group.',
    remedy:
      'In {portal} open Enterprise applications, the app, "Users and groups", and add the user; or set "Assignment required" under Properties to No.',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'credential',
  },
]
