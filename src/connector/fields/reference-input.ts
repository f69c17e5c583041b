import { type Column, waysOf } from '../../dataverse/index.ts'
import type { JsonObject } from '../../kernel/index.ts'
import { described, targetNames } from './column-json.ts'

type Notes = readonly (string | undefined)[]

const ID: JsonObject = { title: 'Id', type: 'string', format: 'uuid' }
const KEY: JsonObject = {
  title: 'Alternate key',
  type: 'object',
  description: 'The values of an alternate key, by its columns.',
  minProperties: 1,
}

/** Describes a lookup that is written. One target is told by its id alone; among several the table is named. */
export function lookupInput(column: Column, notes: Notes): JsonObject {
  const targets = [...new Set(waysOf(column).map(({ target }) => target))]
  const names = targetNames({ targets })
  if (targets.length === 1) {
    return {
      type: ['string', 'object', 'null'],
      format: 'uuid',
      ...described([...notes, `The id of a row of ${names}, or its alternate key as { key }.`]),
      minProperties: 1,
      maxProperties: 1,
      properties: { id: ID, key: KEY },
      targets,
    }
  }
  return {
    type: ['object', 'null'],
    ...described([...notes, `A row of ${names}: its table, and its id or alternate key.`]),
    required: ['table'],
    minProperties: 2,
    maxProperties: 2,
    properties: { table: tableInput(targets), id: { ...ID, type: ['string', 'null'] }, key: KEY },
    targets,
  }
}

/** Describes the parties of an activity in one role. */
export function partiesInput({ targets = [] }: Column, notes: Notes): JsonObject {
  return {
    type: ['array', 'null'],
    ...described([...notes, 'E-mail addresses, or rows by table and id.']),
    items: {
      type: ['string', 'object'],
      format: 'email',
      required: ['table', 'id'],
      properties: { table: tableInput(targets), id: ID },
    },
  }
}

function tableInput(targets: readonly string[]): JsonObject {
  return { title: 'Table', type: 'string', ...(targets.length > 0 ? { enum: targets } : {}) }
}
