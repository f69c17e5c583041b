export {
  type AuthorizationRequest,
  buildAuthorizationRequest,
} from './authorization-request.ts'
export {
  type AuthorizationResponse,
  readAuthorizationResponse,
} from './authorization-response.ts'
export {
  type Affects,
  aadstsLink,
  CATALOGUE,
  type CatalogueChapter,
  type CatalogueEntry,
  type CatalogueExplanation,
  DATAVERSE_LINK,
  type Evidence,
  entryOf,
  explainAadsts,
  explainDataverse,
  explainOAuthError,
  explainText,
  faultOfResource,
  type Hints,
  looksLikeSecretId,
  normalizeDataverseCode,
  type TextExplanation,
} from './catalogue/index.ts'
export { type CertificateFacts, readCertificate, readSigningPair } from './certificate.ts'
export { type Account, readClaims, type TokenClaims } from './claims.ts'
export { type CrmAddress, parseCrmAddress, resolveApiVersion } from './crm-address.ts'
export { type DeviceAuthorization, pollDeviceCode, requestDeviceCode } from './device-code.ts'
export { type Discovery, type DiscoveryIo, discover } from './discovery.ts'
export type { EndpointField, EndpointWarning } from './endpoint-text.ts'
export {
  type Endpoints,
  type EndpointsInput,
  type ParsedEndpoints,
  type Protocol,
  parseEndpoints,
} from './endpoints.ts'
export { isSharedTenant, moveToTenant } from './entra-path.ts'
export { type CodeRequest, redeemCode, refreshTokens, requestAppTokens } from './grants.ts'
export type {
  ClientAuthentication,
  GrantIo,
  GrantRequest,
  OAuthClient,
} from './oauth-client.ts'
export { OAuthError, type OAuthErrorCode, type OAuthFailure } from './oauth-error.ts'
export type { TokenSet } from './token-set.ts'
