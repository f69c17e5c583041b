import type { CatalogueEntry } from './entry.ts'
import { several } from './several.ts'

const NEVER = { when: 'never' } as const

/**
 * The `error` values of OAuth answers, for servers that give no number and for numbers that are new.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.5
 */
export const oauthErrorEntries: readonly CatalogueEntry[] = [
  ...several(['access_denied', 'authorization_declined'], {
    what: 'The sign-in was cancelled or refused.',
    why: 'Cancel was pressed on the sign-in or consent page, or a policy refused the user.',
    remedy: 'Authenticate again and accept; if it was a policy, ask the administrator.',
    who: 'you',
    retry: NEVER,
    affects: 'credential',
  }),
  {
    code: 'invalid_client',
    what: 'The authorization server refused the app.',
    why: 'The Client Id or the client secret is wrong or expired, or the certificate is not known to it.',
    remedy: 'Check Client Id and secret of the Auth Client.',
    who: 'you',
    retry: NEVER,
    affects: 'auth-client',
  },
  ...several(['invalid_grant', 'bad_token', 'token_expired', 'expired_token'], {
    what: 'The sign-in is no longer valid.',
    why: 'It has expired, was revoked, or was used already.',
    remedy: 'Authenticate again.',
    who: 'you',
    retry: NEVER,
    affects: 'credential',
  }),
  ...several(['interaction_required', 'login_required', 'consent_required'], {
    what: 'The authorization server wants to see the person again.',
    why: 'A second factor, a new consent or a fresh sign-in is demanded.',
    remedy: 'Authenticate again and complete every step on the sign-in page.',
    who: 'you',
    retry: NEVER,
    affects: 'credential',
  }),
  {
    code: 'insufficient_claims',
    what: 'The environment demands a further proof of the person.',
    why: 'A policy was changed or evaluated anew since the last sign-in.',
    remedy: 'Authenticate again.',
    who: 'you',
    retry: NEVER,
    affects: 'credential',
  },
  {
    code: 'invalid_token',
    what: 'The environment refused the access token.',
    why: 'It has expired, or is meant for another environment or directory.',
    remedy: 'Run Verify, which compares the token with what the environment demands.',
    who: 'you',
    retry: { when: 'once' },
    affects: 'credential',
  },
  {
    code: 'unauthorized_client',
    what: 'The app may not sign in this way.',
    why: 'The Client Id is unknown in this directory, or the app is not allowed this kind of sign-in.',
    remedy: 'Check the Client Id and the settings of the app registration.',
    who: 'entra-administrator',
    retry: NEVER,
    affects: 'auth-client',
  },
  ...several(['invalid_scope', 'invalid_resource', 'invalid_target'], {
    what: 'The authorization server does not know what access was asked for.',
    why: 'The scope or resource is not that of an environment of this directory.',
    remedy: 'Check the CRM address of the Credential and the scopes of the Auth Client.',
    who: 'you',
    retry: NEVER,
    affects: 'configuration',
  }),
  ...several(
    [
      'invalid_request',
      'unsupported_response_type',
      'unsupported_grant_type',
      'invalid_request_uri',
    ],
    {
      what: 'The authorization server did not accept the form of the request.',
      why: 'An endpoint or the redirect address of the Auth Client does not fit this server.',
      remedy: 'Compare both endpoints with those that the server documents.',
      who: 'you',
      retry: NEVER,
      affects: 'configuration',
    },
  ),
  ...several(['temporarily_unavailable', 'server_error'], {
    what: 'The authorization server failed for the moment.',
    why: 'It reported a passing fault of its own.',
    remedy: 'Nothing to do: Fairlead tries again by itself.',
    who: 'microsoft',
    retry: { when: 'later' },
    affects: 'transient',
  }),
  ...several(['authorization_pending', 'slow_down'], {
    what: 'The sign-in waits for the person.',
    why: 'The device code has not been entered yet.',
    remedy: 'Open the address that was shown, enter the code and sign in.',
    who: 'you',
    retry: { when: 'later' },
    affects: 'transient',
  }),
  {
    code: 'bad_verification_code',
    what: 'The device code was not recognized.',
    why: 'It is of another sign-in, or was used already.',
    remedy: 'Begin a new device code sign-in.',
    who: 'you',
    retry: NEVER,
    affects: 'credential',
  },
]
