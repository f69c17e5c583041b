declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http'

  /** The little of it that the tests touch; the package brings no types. */
  export class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>)
    callback(): RequestListener
  }
}
