import { z } from 'zod'
import type { DataverseClient, Operations, Parameter } from '../../dataverse/index.ts'
import { isObject, type Json, type JsonObject } from '../../kernel/index.ts'
import { ConnectorError, invalidField, missingField } from '../connector-error.ts'
import { defineAction } from '../define-entry.ts'
import { blankToNothing, dynamicSelectField } from '../field.ts'
import { readTable } from '../fields/object-type.ts'
import { ID_VALUE, optionalRowIdInput } from '../fields/row-id.ts'
import { namingField, namingQuery } from '../naming-field.ts'
import { type Callable, findOperation, OPERATION, operations } from './call/find-operation.ts'
import { functionAddress } from './call/function-address.ts'

const PARAMETERS = { key: 'parameters', label: 'Parameters' }

type Values = Readonly<Record<string, unknown>>

/** Calls an action or function of the environment, its own ones too. */
export const callActionOrFunction = defineAction({
  name: 'callActionOrFunction',
  title: 'Call Action or Function',
  help: 'Calls an action or function by its name, on a row, on a table or on neither.',
  order: 95,
  config: z.object({
    operation: dynamicSelectField({
      label: 'Action or Function',
      help: 'Such as WhoAmI; where it is bound, with its table: account/Name, account[]/Name.',
      order: 10,
      options: 'operations',
    }),
  }),
  input: z.object({
    idValue: optionalRowIdInput('Object ID'),
    parameters: z
      .preprocess(
        blankToNothing,
        z.record(z.string(), z.unknown(), { error: 'an object of values by name' }).optional(),
      )
      .meta({ title: PARAMETERS.label, type: 'object' }),
  }),
  options: { operations },
  inputSchema: async ({ config, dataverse, signal }) =>
    withKnown(dataverse, signal, async (model) =>
      inputSchemaOf(findOperation(model, config.operation), model),
    ),
  outputSchema: async () => ({ type: 'object', additionalProperties: true }),
  run: async function* ({ config, input, dataverse, signal }) {
    try {
      const request = await withKnown(dataverse, signal, (model) =>
        requestOf(model, config.operation, input, dataverse, signal),
      )
      const { body } = await dataverse.raw({ ...request, signal })
      yield { kind: 'data', body: asObject(body) }
    } catch (error) {
      throw namingQuery(namingField(error, { path: OPERATION, body: PARAMETERS }), PARAMETERS)
    }
  },
})

// What is kept may be older than an operation or its parameters: before an error is told, they are read anew.
async function withKnown<Result>(
  dataverse: DataverseClient,
  signal: AbortSignal | undefined,
  work: (model: Operations) => Promise<Result>,
): Promise<Result> {
  const options = signal === undefined ? {} : { signal }
  try {
    return await work(await dataverse.metadata.operations(options))
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    return await work(await dataverse.metadata.operations({ ...options, fresh: true }))
  }
}

interface Asked {
  readonly idValue?: string | undefined
  readonly parameters?: Values | undefined
}

async function requestOf(
  model: Operations,
  operation: string,
  { idValue, parameters = {} }: Asked,
  dataverse: DataverseClient,
  signal: AbortSignal,
) {
  const callable = findOperation(model, operation)
  const base = await addressOf(callable, idValue, model, dataverse, signal)
  if (callable.operation.kind === 'action')
    return { method: 'POST', path: base, body: await actionBody(parameters, dataverse, signal) }
  const address = functionAddress(ownParameters(callable), parameters, model)
  return { method: 'GET', path: `${base}${address}` }
}

// Most actions answer nothing.
function asObject(body: Json): Json {
  if (body === null) return {}
  return isObject(body) ? body : { value: body }
}

async function addressOf(
  { bound, operation }: Callable,
  id: string | undefined,
  model: Operations,
  dataverse: DataverseClient,
  signal: AbortSignal,
): Promise<string> {
  if (bound === undefined) {
    if (id === undefined) return operation.name
    throw invalidField(ID_VALUE, `${operation.name} is called on no row`, 'Leave it out.')
  }
  const { entitySetName } = await readTable(dataverse, bound.table, signal, OPERATION)
  const name = `${model.namespace}.${operation.name}`
  if (bound.collection) return `${entitySetName}/${name}`
  if (id === undefined) throw missingField(ID_VALUE, `Give the id of a row of ${bound.table}.`)
  return `${entitySetName}(${id})/${name}`
}

// A row is given as its table and id; the service wants its type and primary id.
async function actionBody(
  parameters: Values,
  dataverse: DataverseClient,
  signal: AbortSignal,
): Promise<Json> {
  const body: Record<string, Json> = {}
  for (const [name, value] of Object.entries(z.record(z.string(), z.json()).parse(parameters))) {
    body[name] = value
    if (!isObject(value)) continue
    const { table, id, ...others } = value
    if (typeof table !== 'string' || typeof id !== 'string' || Object.keys(others).length > 0) {
      continue
    }
    const field = { key: `parameters.${name}` }
    const { logicalName, primaryIdColumn = 'id' } = await readTable(dataverse, table, signal, field)
    body[name] = { '@odata.type': `Microsoft.Dynamics.CRM.${logicalName}`, [primaryIdColumn]: id }
  }
  return body
}

function ownParameters({ bound, operation: { parameters } }: Callable): readonly Parameter[] {
  return bound === undefined ? parameters : parameters.slice(1)
}

function inputSchemaOf(callable: Callable, model: Operations): JsonObject {
  const own = ownParameters(callable)
  const onRow = callable.bound !== undefined && !callable.bound.collection
  const required = own.filter((one) => !(one.optional || one.nullable)).map(({ name }) => name)
  const properties = own.map((one) => [one.name, parameterSchema(one, model)] as const)
  return {
    type: 'object',
    required: [...(onRow ? ['idValue'] : []), ...(required.length > 0 ? ['parameters'] : [])],
    properties: {
      ...(onRow ? { idValue: { title: 'Object ID', type: 'string', format: 'uuid' } } : {}),
      parameters: {
        title: 'Parameters',
        type: 'object',
        required,
        properties: Object.fromEntries(properties),
      },
    },
  }
}

const TYPES: Readonly<Record<string, JsonObject>> = {
  'Edm.Boolean': { type: 'boolean' },
  'Edm.Date': { type: 'string', format: 'date' },
  'Edm.DateTimeOffset': { type: 'string', format: 'date-time' },
  'Edm.Decimal': { type: 'number' },
  'Edm.Double': { type: 'number' },
  'Edm.Guid': { type: 'string', format: 'uuid' },
  'Edm.Int16': { type: 'integer' },
  'Edm.Int32': { type: 'integer' },
  'Edm.Int64': { type: 'integer' },
  'Edm.String': { type: 'string' },
}

function parameterSchema({ name, type, collection }: Parameter, model: Operations): JsonObject {
  const members = model.enumTypes.find((each) => each.name === type)?.members
  const one =
    TYPES[type] ??
    (members === undefined
      ? { type: 'object', description: type }
      : { type: 'string', enum: members.map((member) => member.name) })
  return { title: name, ...(collection ? { type: 'array', items: one } : one) }
}
