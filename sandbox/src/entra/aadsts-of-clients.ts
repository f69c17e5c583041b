import { type AadstsEntry, NOT_INSTALLED } from './aadsts-entry.ts'

/** Failures of the address, the request's shape, the registration and the client's proof. */
export const CLIENT_FAILURES: Readonly<Record<number, AadstsEntry>> = {
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
}
