/** OAuth `error`, HTTP status of the token endpoint, text with {places}, `suberror`. */
export type AadstsEntry = readonly [error: string, status: number, text: string, suberror?: string]

const NOT_INSTALLED =
  'This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.'

/** The failures that the sandbox can produce, by the number that Microsoft gives them. */
export const AADSTS_TABLE: Readonly<Record<number, AadstsEntry>> = {
  // the address: tenant and endpoint
  50059: [
    'invalid_request',
    400,
    'No tenant-identifying information found in either the request or implied by any provided credentials.',
  ],
  50194: [
    'invalid_request',
    400,
    "Application '{appId}'({name}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such applications created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.",
  ],
  90002: [
    'invalid_request',
    400,
    "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
  ],
  900023: [
    'invalid_request',
    400,
    "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.",
  ],
  900561: [
    'invalid_request',
    400,
    'The endpoint only accepts {allowed} requests. Received a {received} request.',
  ],
  90056: [
    'invalid_request',
    400,
    'The resource is disabled or you used the wrong endpoint: to redeem a grant, send a POST to the /token endpoint.',
  ],
  9001023: [
    'invalid_request',
    400,
    'The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.',
  ],
  9002332: [
    'invalid_request',
    400,
    "Application '{appId}'({name}) is configured for use by Azure Active Directory users only. Please do not use the /consumers endpoint to serve this request.",
  ],
  // the shape of the request
  50147: [
    'invalid_grant',
    400,
    'The size of the code challenge parameter is not valid, or no code challenge was sent.',
  ],
  501491: ['invalid_request', 400, 'Invalid size of Code_Challenge parameter.'],
  70003: ['unsupported_grant_type', 400, "The app requested an unsupported grant type '{grant}'."],
  70005: [
    'unsupported_response_type',
    400,
    "The app returned an unsupported response type '{type}'.",
  ],
  70007: [
    'unsupported_response_mode',
    400,
    "'{mode}' is not a supported value of 'response_mode'.",
  ],
  700051: [
    'unsupported_response_type',
    400,
    "response_type 'token' is not enabled for the application.",
  ],
  700054: [
    'unsupported_response_type',
    400,
    "response_type 'id_token' is not enabled for the application.",
  ],
  900144: [
    'invalid_request',
    400,
    "The request body must contain the following parameter: '{name}'.",
  ],
  90014: [
    'invalid_request',
    400,
    "The required field '{name}' is missing from the credential. Ensure that you have all the necessary parameters for the login request.",
  ],
  90023: ['invalid_request', 400, 'The request is not valid: {what}'],
  900235: ['invalid_request', 400, "The 'claims' parameter is not valid JSON."],
  9000411: [
    'invalid_request',
    400,
    "The request is not properly formatted. The parameter '{name}' is duplicated.",
  ],
  901002: ['invalid_request', 400, "The 'resource' request parameter isn't supported."],
  9002313: ['invalid_grant', 400, 'Invalid request. Request is malformed or invalid.'],
  9010010: [
    'invalid_target',
    400,
    'The resource parameter provided in the request does not match the requested scopes.',
  ],
  // the app registration
  50011: [
    'invalid_request',
    400,
    "The redirect URI '{uri}' specified in the request does not match the redirect URIs configured for the application '{appId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to troubleshoot this error.",
  ],
  500112: [
    'invalid_grant',
    400,
    "The reply address '{uri}' does not match the reply address '{expected}' provided when requesting Authorization code.",
  ],
  900971: ['invalid_request', 400, 'No reply address provided.'],
  50105: [
    'access_denied',
    400,
    "Your administrator has configured the application {name} ('{appId}') to block users unless they are specifically granted ('assigned') access to the application. The signed-in user '{user}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator.",
  ],
  700016: [
    'unauthorized_client',
    400,
    `Application with identifier '{appId}' was not found in the directory '{tenant}'. ${NOT_INSTALLED} You may have sent your authentication request to the wrong tenant.`,
  ],
  7000112: ['unauthorized_client', 400, "Application '{appId}'({name}) is disabled."],
  7000229: [
    'invalid_client',
    401,
    'The client application {appId} is missing service principal in the tenant {tenant}.',
  ],
  7000215: [
    'invalid_client',
    401,
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{appId}'.",
  ],
  7000218: [
    'invalid_client',
    401,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  ],
  7000222: [
    'invalid_client',
    401,
    "The provided client secret keys for app '{appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
  ],
  700025: [
    'invalid_client',
    401,
    "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
  ],
  50012: ['invalid_client', 401, 'Authentication failed. {what}'],
  50027: ['invalid_client', 401, 'JWT token is invalid or malformed. {what}'],
  700021: [
    'invalid_client',
    401,
    "Client assertion application identifier does not match 'client_id' parameter.",
  ],
  700023: [
    'invalid_client',
    401,
    "Client assertion audience claim does not match Realm issuer. Expected: {expected}, received: '{received}'.",
  ],
  700024: [
    'invalid_client',
    401,
    'Client assertion is not within its valid time range. Current time: {now}, assertion valid from {from}, expiry time of assertion {to}.',
  ],
  700027: [
    'invalid_client',
    401,
    "The certificate with identifier used to sign the client assertion is not registered on application, or the signature is not valid. [Reason - {reason}, Thumbprint of key used by client: '{thumbprint}']",
  ],
  1000502: [
    'invalid_client',
    401,
    "The provided certificate is not within its specified validity period for application '{appId}'.",
  ],
  7002138: ['invalid_client', 401, 'The client assertion was already used: its jti came before.'],
  70021: [
    'invalid_request',
    400,
    "No matching federated identity record found for presented assertion. Assertion Issuer: '{issuer}'. Assertion Subject: '{subject}'. Assertion Audience: '{audience}'.",
  ],
  9002325: [
    'invalid_request',
    400,
    'Proof Key for Code Exchange is required for cross-origin authorization code redemption.',
  ],
  9002326: [
    'invalid_request',
    400,
    "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '{origin}'.",
  ],
  9002327: [
    'invalid_request',
    400,
    "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.",
  ],
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
