import { z } from 'zod'
import { empty, plain, type Route, scopes } from './route.ts'
import { byId, id, listOf, name, secret, time } from './values.ts'

const subject = 'Access'

/** Who is calling. */
const session = z
  .object({
    kind: z.enum(['user', 'key']),
    id,
    name: z.string(),
    workspaceId: z.string(),
    scopes: z.array(z.enum(scopes)),
    expiresAt: time.optional(),
  })
  .meta({ id: 'Session' })

const password = z.string().min(1).max(1024).pipe(secret)

const apiKey = z
  .object({
    id,
    name: z.string(),
    hint: z.string().meta({ description: 'The first characters, to tell keys apart' }),
    scopes: z.array(z.enum(scopes)),
    createdAt: time,
    expiresAt: time,
    lastUsedAt: time.optional(),
  })
  .meta({ id: 'ApiKey' })

export const setUp = {
  ...plain,
  method: 'POST',
  path: '/api/v1/setup',
  subject,
  summary: 'Set the password of a user with a one-time set-up link',
  description: 'The answer also sets the session cookie.',
  access: 'public',
  body: z.strictObject({ token: secret, name, password }),
  status: 201,
  response: session,
} as const satisfies Route

export const signIn = {
  ...plain,
  method: 'POST',
  path: '/api/v1/session',
  subject,
  summary: 'Sign in',
  description: 'The answer sets the session cookie. Attempts are limited.',
  access: 'public',
  body: z.strictObject({ name, password }),
  status: 201,
  response: session,
} as const satisfies Route

export const currentSession = {
  ...plain,
  method: 'GET',
  path: '/api/v1/session',
  subject,
  summary: 'Tell who is calling and what they may do',
  access: 'read',
  response: session,
} as const satisfies Route

export const signOut = {
  ...plain,
  method: 'DELETE',
  path: '/api/v1/session',
  subject,
  summary: 'End this session',
  access: 'public',
  status: 204,
  response: empty,
} as const satisfies Route

export const listApiKeys = {
  ...plain,
  method: 'GET',
  path: '/api/v1/api-keys',
  subject,
  summary: 'List the API keys, without their values',
  access: 'admin',
  response: listOf(apiKey),
} as const satisfies Route

export const createApiKey = {
  ...plain,
  method: 'POST',
  path: '/api/v1/api-keys',
  subject,
  summary: 'Create an API key',
  description: 'The answer is the only place that ever shows the key.',
  access: 'admin',
  body: z.strictObject({
    name,
    scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
    expiresInDays: z.number().int().min(1).max(366).default(90),
  }),
  status: 201,
  response: z.object({ apiKey, key: z.string() }),
} as const satisfies Route

export const revokeApiKey = {
  ...plain,
  method: 'DELETE',
  path: '/api/v1/api-keys/{id}',
  subject,
  summary: 'Revoke an API key at once',
  access: 'admin',
  params: byId,
  status: 204,
  response: empty,
} as const satisfies Route
