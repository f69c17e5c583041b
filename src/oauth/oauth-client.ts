import type { Clock, Random, Secret } from '../kernel/index.ts'
import type { Send } from '../transport/index.ts'
import type { Hints } from './catalogue/index.ts'
import type { Endpoints } from './endpoints.ts'

/** How an app proves to the authorization server that it is itself. */
export type ClientAuthentication =
  | { readonly method: 'secret'; readonly secret: Secret }
  | {
      readonly method: 'certificate'
      readonly certificatePem: string
      readonly privateKeyPem: Secret
    }
  | {
      readonly method: 'federated'
      /** Reads the assertion that the workload's own identity provider keeps fresh. */
      readAssertion(signal?: AbortSignal): Promise<Secret>
    }
  | { readonly method: 'none' }

/** An app registration as it presents itself. */
export interface OAuthClient {
  readonly clientId: string
  readonly authentication: ClientAuthentication
}

/** What every request for tokens says. */
export interface GrantRequest {
  readonly endpoints: Endpoints
  readonly client: OAuthClient
  /** The environment's address, as v1 wants it named; v2's scope is made from it. */
  readonly resource: string
  /** Replaces the scope that follows from `resource`; a plain OAuth 2 server gets no other. */
  readonly scope?: string
  /** What else is known, for the words of an error. */
  readonly hints?: Hints
}

/** What is needed to carry a request out. */
export interface GrantIo {
  readonly send: Send
  readonly clock: Clock
  readonly random?: Random
  readonly signal?: AbortSignal
}
