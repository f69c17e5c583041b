import { type Column, isWriteOnly, type Table } from '../schema/model.ts'
import type { Value } from '../store/rows.ts'
import type { Cause, Event } from './event.ts'
import type { Step } from './steps.ts'

const CONTRACTS = 'http://schemas.microsoft.com/xrm/2011/Contracts'
const MOST_BYTES = 262_144

type Json = Readonly<Record<string, unknown>>
type Pair = { readonly key: string; readonly value: unknown }

/**
 * Writes the RemoteExecutionContext of an event, without its largest parts when it is too long.
 * https://learn.microsoft.com/power-apps/developer/data-platform/use-webhooks
 */
export function writeContext(
  cause: Cause,
  event: Event,
  step: Step,
  ids: { readonly correlation: string; readonly operation: string },
): { readonly text: string; readonly isCut: boolean } {
  const common = describe(cause, event, step, ids)
  const parent = step.isSync
    ? null
    : {
        ...common,
        InputParameters: [
          target(event, event.given),
          { key: 'SuppressDuplicateDetection', value: false },
        ],
        OutputParameters: [],
        ParentContext: null,
        PostEntityImages: [],
        PreEntityImages: [],
        Stage: 30,
      }
  const context = {
    ...common,
    InputParameters: [target(event, event.written)],
    ParentContext: parent,
    PostEntityImages: step.isSync ? [] : [primaryName(cause, event)],
    PreEntityImages: [],
  }
  const text = serialize(context)
  if (Buffer.byteLength(text) <= MOST_BYTES) return { text, isCut: false }
  const { ParentContext, InputParameters, PreEntityImages, PostEntityImages, ...rest } = context
  return { text: serialize(rest), isCut: true }
}

function describe(
  cause: Cause,
  { message, table, id }: Event,
  step: Step,
  { correlation, operation }: { readonly correlation: string; readonly operation: string },
): Json {
  const { caller, identity, now } = cause
  const tag = cause.options.sent.find(({ name }) => name === 'tag')?.value
  return {
    BusinessUnitId: caller.unit,
    CorrelationId: correlation,
    Depth: 1,
    InitiatingUserId: (caller.actual ?? caller.user).id,
    InputParameters: [],
    IsExecutingOffline: false,
    IsInTransaction: step.isSync,
    IsOfflinePlayback: false,
    IsolationMode: 1,
    MessageName: message,
    Mode: step.isSync ? 0 : 1,
    OperationCreatedOn: `/Date(${now}+0000)/`,
    OperationId: operation,
    OrganizationId: identity.id,
    OrganizationName: identity.uniqueName,
    OutputParameters: message === 'Create' ? [{ key: 'id', value: id }] : [],
    OwningExtension: reference('sdkmessageprocessingstep', step.id),
    ParentContext: null,
    PostEntityImages: [],
    PreEntityImages: [],
    PrimaryEntityId: id,
    PrimaryEntityName: table.name,
    RequestId: null,
    SecondaryEntityName: 'none',
    SharedVariables: tag === undefined ? [] : [{ key: 'tag', value: tag }],
    Stage: step.stage,
    UserId: caller.user.id,
  }
}

function target({ message, table, id }: Event, values: ReadonlyMap<Column, Value>): Pair {
  if (message === 'Delete')
    return { key: 'Target', value: typed('EntityReference', reference(table.name, id)) }
  const attributes: Pair[] = []
  for (const [column, value] of values) {
    if (column === table.id || column.name === 'versionnumber' || isWriteOnly(column)) continue
    if (message === 'Create' && value === null) continue
    attributes.push({ key: column.name, value: attribute(column, value) })
  }
  attributes.push({ key: table.id.name, value: id })
  return { key: 'Target', value: typed('Entity', entity(table, id, attributes)) }
}

/** The image that every asynchronous step has: the row's id and name. */
function primaryName({ database }: Cause, { table, id }: Event): Pair {
  const rows = database.rows(table)
  const slot = rows.slotOf(id)
  const name = table.title && slot !== undefined ? rows.text(slot, table.title) : null
  const attributes: Pair[] =
    table.title && name !== null ? [{ key: table.title.name, value: name }] : []
  const all = [...attributes, { key: table.id.name, value: id }]
  return { key: 'AsynchronousStepPrimaryName', value: entity(table, id, all) }
}

function entity(table: Table, id: string, attributes: readonly Pair[]): Json {
  return {
    Attributes: attributes,
    EntityState: null,
    FormattedValues: [],
    Id: id,
    KeyAttributes: [],
    LogicalName: table.name,
    RelatedEntities: [],
    RowVersion: null,
  }
}

function reference(table: string, id: string): Json {
  return { Id: id, KeyAttributes: [], LogicalName: table, Name: null, RowVersion: null }
}

function typed(type: string, value: Json): Json {
  return { __type: `${type}:${CONTRACTS}`, ...value }
}

/** Choices and amounts are objects of their own: as the .NET classes serialize, no page shows them. */
function attribute(column: Column, value: Value): unknown {
  if (value === null) return null
  if (typeof value === 'object') return typed('EntityReference', reference(value.table, value.id))
  switch (column.type) {
    case 'DateTime':
      return `/Date(${value})/`
    case 'Boolean':
      return value === 1
    case 'Picklist':
    case 'State':
    case 'Status':
      return typed('OptionSetValue', { Value: value })
    case 'Money':
      return typed('Money', { Value: value })
    default:
      return value
  }
}

/** Dates are told from other text by their escaped slashes, so all slashes are escaped, as .NET does. */
function serialize(context: Json): string {
  return JSON.stringify(context).replaceAll('/', '\\/')
}
