import { type AadstsEntry, NOT_INSTALLED } from './aadsts-entry.ts'

/** Failures of resource and consent, the grant, the account, and passing trouble. */
export const GRANT_FAILURES: Readonly<Record<number, AadstsEntry>> = {
  // resource, scope, consent
  28000: [
    'invalid_scope',
    400,
    'Provided value for the input parameter scope is not valid because it contains more than one resource. Scope {scope} is not valid.',
  ],
  500011: [
    'invalid_resource',
    400,
    `The resource principal named {resource} was not found in the tenant named {tenant}. ${NOT_INSTALLED} You might have sent your authentication request to the wrong tenant.`,
  ],
  65001: [
    'invalid_grant',
    400,
    "The user or administrator has not consented to use the application with ID '{appId}' named '{name}'. Send an interactive authorization request for this user and resource.",
    'consent_required',
  ],
  65004: ['access_denied', 400, 'User declined to consent to access the app.'],
  650053: [
    'invalid_scope',
    400,
    "The application '{name}' asked for scope '{scope}' that doesn't exist on the resource '{resource}'. Contact the app vendor.",
  ],
  650057: [
    'invalid_client',
    401,
    "Invalid resource. The client has requested access to a resource which is not listed in the requested permissions in the client's application registration. Client app ID: {appId}({name}). Resource value from request: {resource}. Resource app ID: {resourceAppId}. List of valid resources from app registration: {valid}.",
  ],
  70011: [
    'invalid_scope',
    400,
    "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid.",
  ],
  90093: [
    'access_denied',
    400,
    'The application asks for admin consent, and the user is not an administrator of the tenant.',
  ],
  90094: [
    'access_denied',
    400,
    "'{name}' needs permission to access resources in your organization that only an admin can grant. Please ask an admin to grant permission to this app before you can use it.",
  ],
  1002012: [
    'invalid_scope',
    400,
    'The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
  ],
  // the grant
  501481: [
    'invalid_grant',
    400,
    'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  ],
  54005: [
    'invalid_grant',
    400,
    'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
  ],
  70000: ['invalid_grant', 400, 'The provided value for the input parameter {what} is not valid.'],
  700005: [
    'invalid_grant',
    400,
    'Provided Authorization Code is intended to use against other tenant, thus rejected.',
  ],
  70008: [
    'invalid_grant',
    400,
    'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
  ],
  700082: [
    'invalid_grant',
    400,
    'The refresh token has expired due to inactivity. The token was issued on {issued} and was inactive for 90.00:00:00.',
    'bad_token',
  ],
  700084: [
    'invalid_grant',
    400,
    'The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which cannot be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page. The token was issued on {issued}.',
  ],
  70043: [
    'invalid_grant',
    400,
    'The refresh token has expired or is invalid due to sign-in frequency checks by conditional access. The token was issued on {issued} and the maximum allowed lifetime for this request is {allowed}.',
    'bad_token',
  ],
  50173: [
    'invalid_grant',
    400,
    "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '{issued}' and the TokensValidFrom date (before which tokens are not valid) for this user is '{validFrom}'.",
    'bad_token',
  ],
  50076: [
    'invalid_grant',
    400,
    "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '{resource}'.",
    'basic_action',
  ],
  50079: [
    'invalid_grant',
    400,
    "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '{resource}'.",
    'basic_action',
  ],
  53003: [
    'invalid_grant',
    400,
    'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    'message_only',
  ],
  // device code
  70016: [
    'authorization_pending',
    400,
    'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
  ],
  70018: [
    'bad_verification_code',
    400,
    "Invalid verification code. User typed in a wrong user code for device code flow, or the 'device_code' is not known.",
  ],
  70019: ['expired_token', 400, 'Verification code expired. Have the user retry the sign-in.'],
  90120: ['authorization_declined', 400, 'The request was already authorized or declined.'],
  // the account
  16000: [
    'interaction_required',
    400,
    "User account '{user}' from identity provider '{idp}' does not exist in tenant '{tenant}' and cannot access the application '{appId}'({name}) in that tenant. The account needs to be added as an external user in the tenant first.",
  ],
  50020: [
    'invalid_grant',
    400,
    "User account '{user}' from identity provider '{idp}' does not exist in tenant '{tenant}' and cannot access the application '{appId}'({name}) in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different Azure Active Directory user account.",
  ],
  50034: [
    'invalid_grant',
    400,
    'The user account {user} does not exist in the {tenant} directory. To sign into this application, the account must be added to the directory.',
  ],
  50055: ['invalid_grant', 400, 'The password is expired.', 'user_password_expired'],
  50057: ['invalid_grant', 400, 'The user account is disabled.'],
  50058: ['login_required', 400, 'A silent sign-in request was sent but no user is signed in.'],
  50126: [
    'invalid_grant',
    400,
    'Error validating credentials due to invalid username or password.',
  ],
  // passing trouble
  50196: [
    'invalid_grant',
    400,
    'The server terminated an operation because it encountered a client request loop.',
  ],
  90006: ['server_error', 500, 'The service is temporarily unable to handle the request.'],
  90024: [
    'temporarily_unavailable',
    503,
    'RequestBudgetExceededError - A transient error has occurred.',
  ],
  90033: ['temporarily_unavailable', 503, 'A transient error has occurred. Please try again.'],
  90055: [
    'temporarily_unavailable',
    429,
    'TenantThrottlingError - There are too many incoming requests.',
  ],
}
