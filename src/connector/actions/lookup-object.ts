import { z } from 'zod'
import type { DataverseClient, Filter, Row } from '../../dataverse/index.ts'
import { ConnectorError, missingField } from '../connector-error.ts'
import { defineAction } from '../define-entry.ts'
import { checkboxField, dynamicSelectField, isBlank } from '../field.ts'
import {
  CRITERIA_VALUE,
  criteriaFilter,
  criteriaSchema,
  lookupCriteria,
} from '../fields/lookup-criteria.ts'
import {
  objectTypeField,
  objectTypes,
  type ReadableTable,
  readTable,
} from '../fields/object-type.ts'
import { rowSchema } from '../fields/row-schema.ts'
import { rowMessage } from '../row-messages.ts'

const config = z.object({
  objectType: objectTypeField(),
  lookupCriteria: dynamicSelectField({
    label: 'Lookup Criteria',
    help: 'What to look a row up by: its id, an alternate key, or any other column.',
    order: 20,
    options: 'lookupCriteria',
    requires: ['objectType'],
  }),
  allowCriteriaToBeOmitted: checkboxField({
    label: 'Allow criteria to be omitted',
    help: 'Without a value the message is an empty object.',
    order: 30,
  }),
  allowZeroResults: checkboxField({
    label: 'Allow zero results',
    help: 'Where no row is found, the message is an empty object.',
    order: 40,
  }),
})

const input = z.looseObject({ lookupCriteriaValue: z.unknown().optional() })

/** Looks up one row of a table. */
export const lookupObject = defineAction({
  name: 'lookupObject',
  title: 'Lookup Object (at most one)',
  help: 'Finds the one row that has a value; more than one is an error.',
  order: 10,
  config,
  input,
  options: { objectTypes, lookupCriteria },
  inputSchema: async ({ config, dataverse, signal }) => {
    const table = await readTable(dataverse, config.objectType, signal)
    const optional = config.allowCriteriaToBeOmitted
    const value = criteriaSchema(table, config.lookupCriteria, { optional })
    return {
      type: 'object',
      required: optional ? [] : [CRITERIA_VALUE.key],
      properties: { [CRITERIA_VALUE.key]: value },
    }
  },
  outputSchema: async ({ config, dataverse, signal }) =>
    rowSchema(await readTable(dataverse, config.objectType, signal)),
  run: async function* ({ config, input: { lookupCriteriaValue: value }, dataverse, signal }) {
    if (isBlank(value)) {
      if (!config.allowCriteriaToBeOmitted) throw missingField(CRITERIA_VALUE, 'Give a value.')
      yield { kind: 'data', body: {} }
      return
    }
    const table = await readTable(dataverse, config.objectType, signal)
    const filter = criteriaFilter(table, config.lookupCriteria, value)
    const row = await findOne(dataverse, table, filter, signal)
    if (row === undefined && !config.allowZeroResults) throw noneFound(table)
    yield rowMessage(row ?? {}, table.primaryIdColumn)
  },
})

async function findOne(
  dataverse: DataverseClient,
  table: ReadableTable,
  filter: Filter,
  signal: AbortSignal,
): Promise<Row | undefined> {
  const query = { filter, top: 2 }
  for await (const { rows } of dataverse.pages(table.entitySetName, query, { signal })) {
    const [row, another] = rows
    if (another === undefined) return row
    const { value, exact } = await dataverse.count(table.entitySetName, filter, { signal })
    throw severalFound(table, exact ? String(value) : `at least ${value}`)
  }
  return undefined
}

function noneFound({ logicalName }: ReadableTable): ConnectorError {
  return new ConnectorError('no_object_found', {
    what: `No row of ${logicalName} was found.`,
    why: 'No row has this value, or this user may not read the one that has.',
    remedy: 'Check the value, or tick “Allow zero results”.',
    facts: { field: CRITERIA_VALUE.key, table: logicalName },
  })
}

function severalFound({ logicalName }: ReadableTable, count: string): ConnectorError {
  return new ConnectorError('several_objects_found', {
    what: `${count} rows of ${logicalName} were found, and at most one was asked for.`,
    why: 'The Lookup Criteria does not tell rows apart.',
    remedy: 'Look up by the id or by an alternate key, or use Lookup Objects (plural).',
    facts: { field: CRITERIA_VALUE.key, table: logicalName, count },
  })
}
