import type { z } from 'zod'
import type { AuthClientChanges, AuthClientInput } from '../../hub/vault/index.ts'
import type { contract } from '../contract/index.ts'

type NewAuthClient = z.output<(typeof contract.createAuthClient)['body']>
type ChangedAuthClient = z.output<(typeof contract.editAuthClient)['body']>

/** Reads a time of the API as ms, under the same name; nothing when it is absent. */
export function readTime<Name extends string>(
  name: Name,
  time: string | undefined,
): { readonly [name in Name]?: number } {
  const read: { [name in Name]?: number } = {}
  if (time !== undefined) read[name] = Date.parse(time)
  return read
}

/** Reads a new Auth Client for the vault, which judges every field. */
export function readAuthClient(body: NewAuthClient): AuthClientInput {
  const { clientSecret, secretExpiresAt, authorizationEndpoint = '', ...rest } = body
  return {
    ...defined(rest),
    authorizationEndpoint,
    ...(clientSecret && { secret: clientSecret }),
    ...readTime('secretExpiresAt', secretExpiresAt),
  }
}

/** Reads the changes of an Auth Client. */
export function readAuthClientChanges(body: ChangedAuthClient, version: number): AuthClientChanges {
  const { clientSecret, secretExpiresAt, ...rest } = body
  return {
    ...defined(rest),
    version,
    ...(clientSecret && { secret: clientSecret }),
    ...readTime('secretExpiresAt', secretExpiresAt),
  }
}

type Defined<T> = { [Name in keyof T]: Exclude<T[Name], undefined> }

/** Leaves out what is there but undefined. */
function defined<T extends object>(value: T): Defined<T>
function defined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined))
}
