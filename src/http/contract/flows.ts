import { z } from 'zod'
import { plain, type Route } from './route.ts'
import { address, byId, explanation, id, jsonObject, time } from './values.ts'

const subject = 'Connecting'

const endpointChange = z
  .object({
    authorizationEndpoint: z.string().optional(),
    tokenEndpoint: z.string().optional(),
  })
  .meta({ description: 'The offered fix: take all of it, or none' })

/** One attempt to connect a Credential. */
const flow = z
  .object({
    id,
    credentialId: id,
    kind: z.enum(['browser', 'device', 'app']),
    state: z.enum(['waiting', 'succeeded', 'failed', 'expired']),
    url: z.string().optional().meta({ description: 'Where a person continues, in a browser' }),
    userCode: z.string().optional().meta({ description: 'What a person types there' }),
    expiresAt: time,
    failure: explanation
      .extend({ facts: jsonObject, change: endpointChange.optional() })
      .optional(),
  })
  .meta({ id: 'Flow' })

const endpointPair = { authorization: z.string().optional(), token: z.string() }

export const discover = {
  ...plain,
  method: 'POST',
  path: '/api/v1/discoveries',
  subject,
  summary: 'Find tenant and endpoints from a CRM address',
  access: 'manage',
  body: z.strictObject({ address }),
  response: z
    .object({
      environmentUrl: z.string(),
      resource: z.string(),
      tenantId: z.string(),
      authority: z.string(),
      cloud: z.string().optional(),
      endpoints: z.object({
        v1: z.object(endpointPair),
        v2: z.object({ ...endpointPair, device: z.string().optional() }),
      }),
      notes: z.array(z.string()),
    })
    .meta({ id: 'Discovery' }),
} as const satisfies Route

export const reviewAuthClient = {
  ...plain,
  method: 'POST',
  path: '/api/v1/auth-client-reviews',
  subject,
  summary: 'Foresee what Microsoft will refuse, before anything is stored',
  access: 'manage',
  body: z.strictObject({
    clientId: z.string().trim().max(200).optional(),
    authorizationEndpoint: address.optional(),
    tokenEndpoint: address,
    address: address.optional().meta({ description: 'The CRM address it will be used with' }),
  }),
  response: z.object({
    advice: z.array(
      explanation.extend({
        field: z.string().optional(),
        change: endpointChange.optional(),
      }),
    ),
  }),
} as const satisfies Route

export const startFlow = {
  ...plain,
  method: 'POST',
  path: '/api/v1/credentials/{id}/flows',
  subject,
  summary: 'Connect or reconnect a Credential',
  access: 'manage',
  params: byId,
  body: z.strictObject({
    kind: z.enum(['browser', 'device', 'app']).default('browser'),
    prompt: z.enum(['select_account', 'consent', 'login', 'none']).optional(),
    acceptIdentity: z.boolean().default(false).meta({
      description: 'Lets another user or organization than before take the Credential over',
    }),
  }),
  status: 201,
  response: flow,
} as const satisfies Route

export const getFlow = {
  ...plain,
  method: 'GET',
  path: '/api/v1/flows/{id}',
  subject,
  summary: 'Tell how far a flow is',
  access: 'read',
  params: byId,
  response: flow,
} as const satisfies Route
