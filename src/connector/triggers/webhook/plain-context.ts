import { parseGuid } from '../../../dataverse/index.ts'
import { isObject, type Json, type JsonObject } from '../../../kernel/index.ts'

type Unread = Readonly<Record<string, unknown>>

/** What a message of Dataverse tells, in plain JSON. */
export interface PlainContext {
  readonly event: string
  readonly id: string
  readonly table: string
  /** The values that were written; nothing where the message was too long to hold them. */
  readonly columns?: JsonObject
  readonly userId?: string
  readonly at?: string
}

/**
 * Reads a RemoteExecutionContext; nothing where it is none.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-webhooks
 */
export function plainContext(message: unknown): PlainContext | undefined {
  if (!isObject(message)) return undefined
  const { MessageName: name, PrimaryEntityId: given, PrimaryEntityName: table } = message
  const id = typeof given === 'string' ? parseGuid(given) : undefined
  if (typeof name !== 'string' || id === undefined || typeof table !== 'string') return undefined
  const target = valueIn(message['InputParameters'], 'Target')
  const attributes = isObject(target) ? target['Attributes'] : undefined
  const { InitiatingUserId: user, OperationCreatedOn: created } = message
  const at = typeof created === 'string' ? plainDate(created) : undefined
  return {
    ...{ event: name.toLowerCase(), id, table },
    ...(Array.isArray(attributes) ? { columns: plainPairs(attributes) } : {}),
    ...(typeof user === 'string' ? { userId: user } : {}),
    ...(at === undefined ? {} : { at }),
  }
}

function valueIn(pairs: unknown, key: string): unknown {
  if (!Array.isArray(pairs)) return undefined
  return pairs.filter(isObject).find((pair) => pair['key'] === key)?.['value']
}

function plainPairs(pairs: readonly unknown[]): JsonObject {
  return Object.fromEntries(
    pairs.flatMap((pair) =>
      isObject(pair) && typeof pair['key'] === 'string'
        ? [[pair['key'], plainValue(pair['value'])] as const]
        : [],
    ),
  )
}

function plainValue(value: unknown): Json {
  if (typeof value === 'string') return plainDate(value) ?? value
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(plainValue)
  return isObject(value) ? plainObject(value) : null
}

function plainObject(value: Unread): Json {
  switch (String(value['__type'] ?? '').split(':')[0]) {
    case 'EntityReference':
      return {
        table: String(value['LogicalName']),
        id: String(value['Id']),
        ...(typeof value['Name'] === 'string' ? { name: value['Name'] } : {}),
      }
    case 'OptionSetValue':
    case 'Money':
      return plainValue(value['Value'])
    case 'Entity':
      return Array.isArray(value['Attributes']) ? plainPairs(value['Attributes']) : {}
    case 'EntityCollection':
      return plainValue(value['Entities'])
    default:
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plainValue(one)]))
  }
}

const DATE = /^\/Date\((-?\d{1,15})([+-]\d{4})?\)\/$/

// The offset only says where the clock stood; the number is in UTC.
function plainDate(text: string): string | undefined {
  const ms = DATE.exec(text)?.[1]
  if (ms === undefined) return undefined
  const date = new Date(Number(ms))
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
