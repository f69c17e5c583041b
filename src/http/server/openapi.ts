import { z } from 'zod'
import { isObject } from '../../kernel/index.ts'
import {
  contract,
  lastLine,
  PROBLEM_TYPE,
  problem,
  type Route,
  STREAM_TYPE,
} from '../contract/index.ts'
import { sessionCookie } from './session-cookie.ts'

/** A JSON Schema, as far as it is looked into here. */
export type JsonSchema = { readonly [key: string]: unknown }

type Components = Map<string, JsonSchema>

/**
 * Writes the contract as OpenAPI 3.1.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export function describeApi(options: { readonly title: string; readonly url: string }) {
  const components: Components = new Map()
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, route] of Object.entries<Route>(contract)) {
    paths[route.path] ??= {}
    Object.assign(paths[route.path] ?? {}, {
      [route.method.toLowerCase()]: describeRoute(name, route, components),
    })
  }
  return {
    openapi: '3.1.1',
    info: {
      title: `${options.title} API`,
      version: 'v1',
      description:
        'Connects to Microsoft Dynamics CRM. Every failure is a problem (RFC 9457) with a stable code, what happened, why, and what to do.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: options.url }],
    security: [{ apiKey: [] }, { session: [] }],
    tags: [...new Set(Object.values<Route>(contract).map(({ subject }) => subject))].map(
      (subject) => ({ name: subject }),
    ),
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, flk_…' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: sessionCookie(new URL(options.url)).name,
        },
      },
      schemas: Object.fromEntries(components),
    },
  }
}

function describeRoute(name: string, route: Route, components: Components) {
  const takesBody = !(route.body instanceof z.ZodUndefined)
  const body = takesBody ? schemaOf(route.body, 'input', components) : undefined
  return {
    operationId: name,
    tags: [route.subject],
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    ...(route.access === 'public' ? { security: [] } : { 'x-fairlead-scope': route.access }),
    parameters: [
      ...parameters('path', schemaOf(route.params, 'input', components)),
      ...parameters('query', schemaOf(route.query, 'input', components)),
    ],
    ...(body !== undefined && {
      requestBody: {
        required: !route.body.safeParse(undefined).success,
        content: { 'application/json': { schema: body } },
      },
    }),
    responses: {
      [route.status]: describeAnswer(route, components),
      default: {
        description: 'A failure',
        content: { [PROBLEM_TYPE]: { schema: schemaOf(problem, 'output', components) } },
      },
    },
  }
}

function describeAnswer(route: Route, components: Components) {
  if (route.status === 204) return { description: 'Done' }
  if (route.document)
    return {
      description: 'The document',
      content: { '*/*': { schema: { type: 'string', format: 'binary' } } },
    }
  const line = route.line && {
    [STREAM_TYPE]: {
      schema: schemaOf(z.union([route.line, lastLine]), 'output', components),
    },
  }
  return {
    description: 'Done',
    content: {
      'application/json': { schema: schemaOf(route.response, 'output', components) },
      ...line,
    },
  }
}

function parameters(place: 'path' | 'query', schema: JsonSchema | undefined) {
  const { properties, required } = schema ?? {}
  const needed = Array.isArray(required) ? required : []
  return Object.entries(isObject(properties) ? properties : {}).map(([name, value]) => ({
    name,
    in: place,
    required: place === 'path' || needed.includes(name),
    schema: value,
  }))
}

// Named parts of every schema move to the components, and references follow them.
function schemaOf(
  schema: z.ZodType,
  io: 'input' | 'output',
  components: Components,
): JsonSchema | undefined {
  const written: unknown = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // Checked by the id's or time's format; the pattern only makes the page unreadable.
      if (zodSchema instanceof z.ZodISODateTime || zodSchema instanceof z.ZodUUID)
        delete jsonSchema.pattern
    },
  })
  const moved: unknown = JSON.parse(
    JSON.stringify(written).replaceAll('"#/$defs/', '"#/components/schemas/'),
  )
  if (!isObject(moved)) return undefined
  const { $schema: _, $defs, ...rest } = moved
  for (const [name, part] of Object.entries(isObject($defs) ? $defs : {}))
    if (isObject(part)) components.set(name, part)
  const { id } = schema.meta() ?? {}
  if (id !== undefined) {
    components.set(id, rest)
    return { $ref: `#/components/schemas/${id}` }
  }
  return 'not' in rest && Object.keys(rest).length === 1 ? undefined : rest
}
