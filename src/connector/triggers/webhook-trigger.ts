import { z } from 'zod'
import { type DataverseClient, DataverseError, type Row } from '../../dataverse/index.ts'
import type { Json } from '../../kernel/index.ts'
import { invalidField } from '../connector-error.ts'
import { defineWebhookTrigger } from '../define-entry.ts'
import { checkboxField, textField } from '../field.ts'
import { findColumn, splitNames } from '../fields/columns.ts'
import { objectTypeField, objectTypes, readTable } from '../fields/object-type.ts'
import { rowSchema } from '../fields/row-schema.ts'
import { type PlainContext, plainContext } from './webhook/plain-context.ts'
import { findRegistered, register, unregister } from './webhook/register.ts'

const COLUMNS = { key: 'filteringAttributes', label: 'Columns that count' }

const config = z.object({
  objectType: objectTypeField(),
  onCreate: checkboxField({
    label: 'Created rows',
    help: 'Where none of the three is ticked, all of them are meant.',
    order: 20,
  }),
  onUpdate: checkboxField({ label: 'Updated rows', order: 30 }),
  onDelete: checkboxField({ label: 'Deleted rows', order: 40 }),
  filteringAttributes: textField({
    label: COLUMNS.label,
    help: 'Of updates, only those of these columns, separated by commas; left empty, all.',
    placeholder: 'name,accountnumber',
    order: 50,
  }),
  raw: checkboxField({
    label: 'Whole message',
    help: 'Adds what Dataverse sent, as it is.',
    order: 60,
  }),
})

type Config = z.infer<typeof config>

/** Has Dataverse tell what was created, updated or deleted as it happens. */
export const webhookTrigger = defineWebhookTrigger({
  name: 'webhookTrigger',
  title: 'Webhook',
  help: 'Registers itself in the environment, which then sends what is created, updated or deleted.',
  order: 30,
  config,
  options: { objectTypes },
  outputSchema: async ({ config, dataverse, signal }) => {
    const row = rowSchema(await readTable(dataverse, config.objectType, signal))
    return {
      type: 'object',
      required: ['event', 'id', 'table', 'columns'],
      properties: {
        event: { title: 'Event', type: 'string', enum: ['create', 'update', 'delete'] },
        id: { title: 'Id', type: 'string', format: 'uuid' },
        table: { title: 'Table', type: 'string' },
        columns: { title: 'Written columns', type: 'object', additionalProperties: true },
        row,
        userId: { title: 'User', type: 'string', format: 'uuid' },
        at: { title: 'Time', type: 'string', format: 'date-time' },
        ...(config.raw ? { raw: { title: 'Whole message', type: 'object' } } : {}),
      },
    }
  },
  enable: async ({ config, dataverse, callbackUrl, key, signal }) => {
    const table = await readTable(dataverse, config.objectType, signal)
    const names = splitNames(config.filteringAttributes)
    const columns = [...new Set(names.map((name) => findColumn(table, name, COLUMNS).logicalName))]
    const wanted = { table: table.logicalName, events: eventsOf(config), columns, callbackUrl, key }
    return register(dataverse, { ...wanted, ...(signal === undefined ? {} : { signal }) })
  },
  find: ({ dataverse, ...asked }) => findRegistered(dataverse, asked),
  disable: ({ dataverse, registered, signal }) => unregister(dataverse, registered, signal),
  run: async function* ({ config, input, dataverse, signal, logger }) {
    const told = plainContext(input)
    if (told === undefined) throw noContext()
    const long = told.columns === undefined && told.event !== 'delete'
    if (long) logger.info('message too long, row read instead', { table: told.table })
    const row = long ? await readRow(dataverse, told, signal) : undefined
    const body = {
      ...{ columns: {}, ...told },
      ...(row === undefined ? {} : { row }),
      ...(config.raw ? { raw: z.json().parse(input) } : {}),
    }
    yield { kind: 'data', body: body satisfies Json, id: idOf(told) }
  },
})

function eventsOf({ onCreate, onUpdate, onDelete }: Config): readonly string[] {
  const all = !(onCreate || onUpdate || onDelete)
  return [
    ...(onCreate || all ? ['Create'] : []),
    ...(onUpdate || all ? ['Update'] : []),
    ...(onDelete || all ? ['Delete'] : []),
  ]
}

// Beyond 256 KB a message has no values; by now the row may be gone.
async function readRow(
  dataverse: DataverseClient,
  { table, id }: PlainContext,
  signal: AbortSignal,
): Promise<Row | undefined> {
  const { entitySetName } = await readTable(dataverse, table, signal)
  try {
    return await dataverse.row(entitySetName, id, { signal })
  } catch (error) {
    if (error instanceof DataverseError && error.code === 'not_found') return undefined
    throw error
  }
}

function idOf({ id, event, at = '' }: PlainContext): string {
  return `${id} ${event} ${at}`.trim()
}

function noContext() {
  return invalidField(
    { key: 'input' },
    'it is no message of Dataverse',
    'Only what Dataverse sends to a registered webhook is taken.',
  )
}
