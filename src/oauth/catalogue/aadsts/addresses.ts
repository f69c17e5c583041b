import type { CatalogueEntry } from '../entry.ts'
import { several } from '../several.ts'

const NEVER = { when: 'never' } as const

/** Failures of what was typed as authorization and token endpoint. */
export const addressEntries: readonly CatalogueEntry[] = [
  {
    code: '50194',
    what: 'The app accepts sign-ins from its own organization only, but the endpoints name no organization.',
    why: 'The app registration is single-tenant, and both endpoints say "common", which stands for any organization. Entra ID refuses this for apps made after 15 October 2018.',
    remedy:
      'Use your organization\'s own endpoints: replace "common" by the directory (tenant) id in the authorization endpoint and in the token endpoint, both together; Fairlead offers this change as one step. Or else set the app to "Accounts in any organizational directory" under Authentication in {portal}.',
    who: 'you',
    retry: NEVER,
    affects: 'configuration',
  },
  {
    code: '90002',
    name: 'InvalidTenantName',
    what: 'The directory {tenantId} does not exist at this sign-in host.',
    why: 'The directory (tenant) id in the endpoints is mistyped, or the directory lives in another Microsoft cloud.',
    remedy:
      'Copy "Directory (tenant) ID" from the Overview page of the app registration, or let Fairlead find it from the CRM address. For US Government (GCC High, DoD) the host is login.microsoftonline.us, for China login.partner.microsoftonline.cn.',
    who: 'you',
    retry: NEVER,
    affects: 'configuration',
  },
  {
    code: '900023',
    what: 'The endpoints name a directory that cannot exist.',
    why: 'The part after the host is neither a directory id nor a domain name; most often a placeholder such as "{tenant-id}" was left in the address.',
    remedy:
      'Put the "Directory (tenant) ID" from the Overview page of the app registration in its place, in both endpoints.',
    who: 'you',
    retry: NEVER,
    affects: 'configuration',
  },
  ...several(
    [
      ['50059', 'MissingTenantRealmAndNoUserInformationProvided'],
      '9001023',
      '90124',
      '90130',
      '9002332',
    ],
    {
      what: 'This kind of sign-in needs endpoints that name your organization.',
      why: 'The endpoints say "common", "organizations" or "consumers", and nothing else in the request tells Entra ID which directory is meant.',
      remedy:
        'Replace that word by the directory (tenant) id in the authorization endpoint and in the token endpoint, both together; Fairlead offers this change as one step.',
      who: 'you',
      retry: NEVER,
      affects: 'configuration',
    },
  ),
  ...several([['90038', 'NationalCloudTenantRedirection'], '900382', '900432'], {
    what: 'The app or the user belongs to another Microsoft cloud than the sign-in host.',
    why: 'Public, US Government and China clouds are separate, and an app with a secret or certificate cannot sign in across them.',
    remedy:
      'Register the app in the cloud of the environment and use its sign-in host: login.microsoftonline.com (public and GCC), login.microsoftonline.us (GCC High and DoD), login.partner.microsoftonline.cn (China).',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'configuration',
  }),
  {
    code: '700005',
    what: 'The sign-in was begun in one directory and finished in another.',
    why: 'The authorization endpoint and the token endpoint name different directories; "common" in one and an id in the other counts as different.',
    remedy:
      'Make both endpoints name the same directory, save the Auth Client, then authenticate again.',
    who: 'you',
    retry: NEVER,
    affects: 'configuration',
  },
  ...several(['900561', '90056'], {
    what: 'The sign-in was sent to the token endpoint, or the token request to the authorization endpoint.',
    why: 'The two endpoints of the Auth Client are most probably swapped.',
    remedy:
      'In the Auth Client, put the address that ends in /authorize into Authorization Endpoint and the one that ends in /token into Token Endpoint.',
    who: 'you',
    retry: NEVER,
    affects: 'configuration',
  }),
  ...several(['900144', ['90014', 'MissingRequiredField']], {
    what: 'The request lacked {field}.',
    why: 'A field of the Auth Client is empty, or its endpoints mix the two protocol versions: endpoints with /v2.0/ need a scope, those without need a resource.',
    remedy:
      'Check that the Client Id is filled in and that both endpoints are of the same version, then authenticate again.',
    who: 'you',
    retry: NEVER,
    affects: 'configuration',
  }),
  ...several(['901002', '9010010'], {
    what: 'The endpoint does not take a resource parameter, or takes another one than the scope names.',
    why: 'Endpoints with /v2.0/ name the environment by scope only; a resource was left in the address.',
    remedy:
      'Remove "resource=..." from the authorization endpoint, or use both endpoints without /v2.0/.',
    who: 'you',
    retry: NEVER,
    affects: 'configuration',
  }),
  {
    code: '90009',
    what: 'The app asked for a token for itself instead of one for {resource}.',
    why: 'Neither a scope nor a resource named the environment.',
    remedy:
      'Give the CRM address in the Credential, keep "resource" or "scope" out of the endpoints, and authenticate again.',
    who: 'you',
    retry: NEVER,
    affects: 'configuration',
  },
]
