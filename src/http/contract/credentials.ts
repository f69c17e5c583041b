import { z } from 'zod'
import { empty, plain, type Route } from './route.ts'
import { address, byId, id, listOf, name, time, trouble } from './values.ts'

const subject = 'Credentials'

/** The grant of one user or application on one CRM environment, without its tokens. */
const credential = z
  .object({
    id,
    authClientId: id,
    name: z.string(),
    baseUrl: z.string().meta({ description: 'As it was typed' }),
    environmentUrl: z.string(),
    apiVersion: z.string(),
    grant: z.enum(['delegated', 'app']),
    state: z.enum(['new', 'connected', 'needs_reconnect', 'auth_client_failing']),
    problem: trouble.optional().meta({ description: 'Why it does not work, while it does not' }),
    identity: z
      .object({
        tenantId: z.string().optional(),
        organizationId: z.string(),
        userId: z.string(),
        userPrincipalName: z.string().optional(),
        fullName: z.string().optional(),
      })
      .optional(),
    expiresAt: time.optional().meta({ description: 'When the access token in use ends' }),
    refreshedAt: time.optional(),
    usedAt: time.optional(),
    worksUntilAtLeast: time.optional().meta({ description: 'If it is not used at all from now' }),
    verification: z
      .object({ verified: z.boolean(), at: time, failed: z.string().optional() })
      .optional()
      .meta({ description: 'How the last verification ended' }),
    createdAt: time,
    updatedAt: time,
    version: z.number().int(),
  })
  .meta({ id: 'Credential' })

const apiVersion = z
  .string()
  .trim()
  .regex(/^v\d{1,2}\.\d{1,2}$/, 'Write it as v9.2')

export const listCredentials = {
  ...plain,
  method: 'GET',
  path: '/api/v1/credentials',
  subject,
  summary: 'List the Credentials',
  access: 'read',
  response: listOf(credential),
} as const satisfies Route

export const createCredential = {
  ...plain,
  method: 'POST',
  path: '/api/v1/credentials',
  subject,
  summary: 'Create a Credential on an Auth Client',
  description: 'It is connected by a flow, see `startFlow`.',
  access: 'manage',
  body: z.strictObject({
    authClientId: id,
    name,
    baseUrl: address.meta({
      description: 'With or without /api/data and version; a link copied from the app is fine',
    }),
    apiVersion: apiVersion.optional(),
    grant: z.enum(['delegated', 'app']).default('delegated'),
  }),
  status: 201,
  response: credential,
} as const satisfies Route

export const getCredential = {
  ...plain,
  method: 'GET',
  path: '/api/v1/credentials/{id}',
  subject,
  summary: 'Read one Credential',
  access: 'read',
  params: byId,
  response: credential,
} as const satisfies Route

export const editCredential = {
  ...plain,
  method: 'PATCH',
  path: '/api/v1/credentials/{id}',
  subject,
  summary: 'Change a Credential; what is left out stays',
  access: 'manage',
  params: byId,
  body: z.strictObject({
    name: name.optional(),
    authClientId: id.optional(),
    baseUrl: address.optional(),
    apiVersion: apiVersion.optional(),
    grant: z.enum(['delegated', 'app']).optional(),
    version: z.number().int().optional(),
  }),
  response: credential,
} as const satisfies Route

export const removeCredential = {
  ...plain,
  method: 'DELETE',
  path: '/api/v1/credentials/{id}',
  subject,
  summary: 'Remove a Credential; its tokens are erased at once',
  access: 'manage',
  params: byId,
  status: 204,
  response: empty,
} as const satisfies Route
