import type { Answer } from '../../../exchange.ts'
import { badQuery, noResource, notSupported } from '../../fault.ts'
import { type List, NAMESPACE, type Operand } from '../../query/expression.ts'
import { parseParameter } from '../../query/parse-filter.ts'
import { splitOutside } from '../../query/split.ts'
import { jsonAnswer, type Request } from '../../request.ts'
import type { DeletedDefinition } from '../../schema/changes.ts'
import { findDefinitions } from './changed-definitions.ts'
import { readMetadataQuery } from './query-expression.ts'
import { readVersionStamp, writeVersionStamp } from './version-stamp.ts'

const PARAMETERS = ['Query', 'ClientVersionStamp', 'DeletedMetadataFilters']
/** The names of the filters and the definitions they mean; `Default` are tables. */
const FILTERS: ReadonlyMap<string, DeletedDefinition['kind']> = new Map([
  ['Default', 'Entity'],
  ['Attribute', 'Attribute'],
  ['Relationship', 'Relationship'],
  ['OptionSet', 'OptionSet'],
])
const DEFAULT_DAYS = 90

/** Answers `RetrieveMetadataChanges`: definitions by a query, or what of them changed since a stamp. */
export function answerMetadataChanges(request: Request, parameters: string | undefined): Answer {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    throw noResource(request.exchange.url.href)
  const given = readGiven(request, parameters)
  const query = readMetadataQuery(given.get('Query'))
  const stamp = given.get('ClientVersionStamp')
  const { schema } = request.database
  const since =
    typeof stamp === 'string' ? readVersionStamp(stamp, request.now, daysKept(request)) : undefined
  const filters = given.get('DeletedMetadataFilters')
  return jsonAnswer(
    request,
    JSON.stringify({
      '@odata.context': `${request.base}/$metadata#${NAMESPACE}RetrieveMetadataChangesResponse`,
      ServerVersionStamp: writeVersionStamp(schema.changes.version, request.now),
      DeletedMetadata: deletedSince(schema.changes.deleted, since, filters),
      EntityMetadata: findDefinitions(schema, query, since),
    }),
  )
}

/** What is gone is told only to a client that says what it has, and what it wants to hear of. */
function deletedSince(
  deleted: readonly DeletedDefinition[],
  since: number | undefined,
  filters: unknown,
) {
  const names = typeof filters === 'string' ? filters.split(',').map((name) => name.trim()) : []
  const wanted = names.includes('All') ? [...FILTERS.keys()] : names
  const groups =
    since === undefined
      ? []
      : wanted.flatMap((name) => {
          const kind = FILTERS.get(name)
          const items = deleted.filter((one) => one.kind === kind && one.version > since)
          return items.length === 0 ? [] : [{ name, Items: items.map(({ id }) => id) }]
        })
  return {
    Count: groups.length,
    IsReadOnly: false,
    Keys: groups.map(({ name }) => name),
    Values: groups.map(({ Items }) => ({ Items })),
  }
}

function daysKept({ database, identity }: Request): number {
  const rows = database.rows('organization')
  const slot = rows.slotOf(identity.id)
  const column = rows.table.byName.get('expiresubscriptionsindays')
  return (slot !== undefined && column && rows.number(slot, column)) || DEFAULT_DAYS
}

/** Reads the parameters: objects, text and enumerations, in place or by an alias. */
function readGiven(request: Request, text: string | undefined): Map<string, unknown> {
  const given = new Map<string, unknown>()
  for (const part of text === undefined || text.trim() === '' ? [] : splitOutside(text, ',')) {
    const at = part.indexOf('=')
    const name = part.slice(0, Math.max(0, at)).trim()
    if (name === 'AppModuleId' || name === 'RetrieveAllSettings') {
      throw notSupported(`the parameter ${name} of RetrieveMetadataChanges`)
    }
    if (!PARAMETERS.includes(name) || given.has(name)) {
      throw badQuery('Bad Request - Error in query syntax.')
    }
    given.set(name, readValue(request, name, part.slice(at + 1).trim()))
  }
  return given
}

function readValue(request: Request, name: string, text: string): unknown {
  const object = request.options.objects.get(text)
  if (object !== undefined) return name === 'Query' ? object : mismatch(name)
  const value = text.startsWith('@') ? request.options.aliases.get(text) : parseParameter(text)
  return plainValue(name, value)
}

function plainValue(name: string, value: Operand | List | undefined): unknown {
  if (value === undefined || value.kind === 'null') return undefined
  if (name === 'ClientVersionStamp' && value.kind === 'string') return value.value
  const type = `${NAMESPACE}DeletedMetadataFilters`
  const isFilter = value.kind === 'enum' && value.type === type
  if (name !== 'DeletedMetadataFilters' || !isFilter) return mismatch(name)
  const names = value.value.split(',').map((one) => one.trim())
  const known = names.every((one) => one === 'All' || one === 'Label' || FILTERS.has(one))
  return known ? value.value : mismatch(name)
}

function mismatch(name: string): never {
  throw badQuery(`The value of the parameter '${name}' is not of its type.`)
}
