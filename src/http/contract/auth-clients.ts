import { z } from 'zod'
import { empty, plain, type Route } from './route.ts'
import {
  address,
  byId,
  explanation,
  id,
  listOf,
  name,
  secret,
  time,
  trouble,
  warning,
} from './values.ts'

const subject = 'Auth Clients'

/** An OAuth client as it is shown: its secrets are told apart, never given. */
const authClient = z
  .object({
    id,
    name: z.string(),
    clientId: z.string(),
    authentication: z.enum(['secret', 'certificate', 'federated', 'none']),
    secrets: z.array(
      z.object({
        slot: z.enum(['current', 'next']),
        hint: z.string().meta({ description: 'The first characters, as the portal shows them' }),
        expiresAt: time.optional(),
        createdAt: time,
      }),
    ),
    certificate: z.object({ thumbprint: z.string(), notAfter: time }).optional(),
    assertionFile: z.string().optional(),
    authorizationEndpoint: z.string().optional(),
    tokenEndpoint: z.string(),
    deviceEndpoint: z.string().optional(),
    scopes: z.string().optional(),
    problem: trouble.optional().meta({ description: 'Why it is refused, while it is' }),
    createdAt: time,
    updatedAt: time,
    version: z.number().int(),
  })
  .meta({ id: 'AuthClient' })

const proof = {
  clientSecret: secret.optional(),
  secretExpiresAt: time.optional(),
  certificatePem: z.string().max(65_536).optional(),
  privateKeyPem: secret.optional(),
  assertionFile: z.string().max(4096).optional().meta({
    description: 'The file on the hub that a workload identity writes its assertion to',
  }),
}

const endpoints = {
  authorizationEndpoint: address.optional(),
  tokenEndpoint: address,
  deviceEndpoint: address.optional(),
  scopes: z.string().max(4096).optional(),
}

export const listAuthClients = {
  ...plain,
  method: 'GET',
  path: '/api/v1/auth-clients',
  subject,
  summary: 'List the Auth Clients',
  access: 'read',
  response: listOf(authClient),
} as const satisfies Route

export const createAuthClient = {
  ...plain,
  method: 'POST',
  path: '/api/v1/auth-clients',
  subject,
  summary: 'Store an OAuth client',
  access: 'manage',
  body: z.strictObject({
    name,
    clientId: z.string().trim().min(1).max(200),
    authentication: z.enum(['secret', 'certificate', 'federated', 'none']).default('secret'),
    ...proof,
    ...endpoints,
  }),
  status: 201,
  response: z.object({ authClient, warnings: z.array(warning) }),
} as const satisfies Route

export const getAuthClient = {
  ...plain,
  method: 'GET',
  path: '/api/v1/auth-clients/{id}',
  subject,
  summary: 'Read one Auth Client',
  access: 'read',
  params: byId,
  response: authClient,
} as const satisfies Route

export const editAuthClient = {
  ...plain,
  method: 'PATCH',
  path: '/api/v1/auth-clients/{id}',
  subject,
  summary: 'Change an Auth Client; what is left out stays',
  access: 'manage',
  params: byId,
  body: z.strictObject({
    name: name.optional(),
    clientId: z.string().trim().min(1).max(200).optional(),
    authentication: z.enum(['secret', 'certificate', 'federated', 'none']).optional(),
    ...proof,
    ...endpoints,
    tokenEndpoint: address.optional(),
    version: z.number().int().optional().meta({
      description: 'The version that was read; another one in the store is a conflict',
    }),
  }),
  response: authClient,
} as const satisfies Route

export const removeAuthClient = {
  ...plain,
  method: 'DELETE',
  path: '/api/v1/auth-clients/{id}',
  subject,
  summary: 'Remove an Auth Client that no Credential uses',
  access: 'manage',
  params: byId,
  status: 204,
  response: empty,
} as const satisfies Route

export const authClientUses = {
  ...plain,
  method: 'GET',
  path: '/api/v1/auth-clients/{id}/where-used',
  subject,
  summary: 'List the Credentials that use an Auth Client',
  access: 'read',
  params: byId,
  response: listOf(z.object({ credentialId: id, name: z.string(), state: z.string() })),
} as const satisfies Route

export const testAuthClient = {
  ...plain,
  method: 'POST',
  path: '/api/v1/auth-clients/{id}/test',
  subject,
  summary: 'Ask the authorization server whether it accepts this client',
  access: 'manage',
  params: byId,
  body: z
    .strictObject({
      slot: z
        .enum(['current', 'next'])
        .optional()
        .meta({ description: 'The secret to try; both when left out' }),
      environmentUrl: address.optional(),
      tenantId: z.string().max(200).optional(),
    })
    .optional(),
  response: z.object({
    accepted: z.boolean().meta({ description: 'Whether everything that was tried is accepted' }),
    explanation: explanation.optional().meta({ description: 'Why not' }),
    tests: z.array(
      z.object({
        slot: z.enum(['current', 'next']),
        outcome: z.enum(['accepted', 'refused', 'inconclusive']),
        explanation: explanation.optional(),
      }),
    ),
  }),
} as const satisfies Route

export const addSecret = {
  ...plain,
  method: 'POST',
  path: '/api/v1/auth-clients/{id}/secrets',
  subject,
  summary: 'Store the secret that will replace the current one',
  access: 'manage',
  params: byId,
  body: z.strictObject({ clientSecret: secret, expiresAt: time.optional() }),
  status: 201,
  response: authClient,
} as const satisfies Route

export const promoteSecret = {
  ...plain,
  method: 'POST',
  path: '/api/v1/auth-clients/{id}/secrets/promotion',
  subject,
  summary: 'Make the second secret the current one',
  access: 'manage',
  params: byId,
  response: authClient,
} as const satisfies Route

export const removeNextSecret = {
  ...plain,
  method: 'DELETE',
  path: '/api/v1/auth-clients/{id}/secrets/next',
  subject,
  summary: 'Erase the second secret',
  access: 'manage',
  params: byId,
  response: authClient,
} as const satisfies Route
