import { z } from 'zod'
import { isObject, type JsonObject } from '../../kernel/index.ts'

/** Writes a declaration as JSON Schema, as what is to be sent. */
export function toJsonSchema(schema: z.ZodType): JsonObject {
  const written = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const plain: unknown = JSON.parse(JSON.stringify(written))
  return isJsonObject(plain) ? plain : {}
}

// What has just been parsed from JSON holds nothing else than JSON.
function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value)
}
