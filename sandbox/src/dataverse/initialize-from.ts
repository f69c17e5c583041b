import type { Answer } from '../exchange.ts'
import { checkRight } from './access/membership.ts'
import { valueWriter } from './answer/cells.ts'
import { badQuery, Fault, noResource } from './fault.ts'
import { NAMESPACE } from './query/expression.ts'
import { splitOutside } from './query/split.ts'
import { jsonAnswer, type Request } from './request.ts'
import type { Single, Table } from './schema/model.ts'
import type { Reference } from './store/rows.ts'
import { isBody } from './write/body.ts'
import { followLink } from './write/references.ts'

const FIELD_TYPES = new Set(['All', 'ValidForCreate', 'ValidForRead', 'ValidForUpdate'])
/** No document lists the columns that relationships map; these are those of the documents' example. */
const MAPPED = /^address1_(name|line[123]|city|stateorprovince|postalcode|country|county)$/

/** Answers `InitializeFrom`: the payload that makes a new row in the context of another. */
export function answerInitializeFrom(request: Request, parameters: string | undefined): Answer {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    throw noResource(request.exchange.url.href)
  const texts = readTexts(parameters)
  const target = readTarget(request, texts.get('TargetEntityName'))
  checkFieldType(request, texts.get('TargetFieldType'))
  const source = readMoniker(request, texts.get('EntityMoniker'), target)
  const rows = request.database.rows(source.table)
  checkRight(request.caller, 'Read', rows.table)
  const way = wayBetween(rows.table, target)
  const slot = rows.slotOf(source.id) ?? 0
  const parts = [
    `"@odata.context":${JSON.stringify(`${request.base}/$metadata#${target.set}/$entity`)}`,
    `"@odata.type":"#${NAMESPACE}${target.name}"`,
    `"${way.name}@odata.bind":"${rows.table.set}(${source.id})"`,
  ]
  const currency = rows.table.byName.get('transactioncurrencyid')
  const money = currency && rows.text(slot, currency)
  if (money && target.singles.has('transactioncurrencyid'))
    parts.push(`"transactioncurrencyid@odata.bind":"transactioncurrencies(${money})"`)
  for (const column of rows.table.columns) {
    const there = target.byName.get(column.name)
    if (!there?.create || !MAPPED.test(column.name) || rows.raw(slot, column) === null) continue
    parts.push(`"${there.property}":${valueWriter(rows, column)(slot)}`)
  }
  return jsonAnswer(request, `{${parts.join(',')}}`)
}

function readTexts(parameters: string | undefined): Map<string, string> {
  const pairs = splitOutside(parameters ?? '', ',').map((part) => part.trim().split('='))
  return new Map(pairs.map(([name = '', ...rest]) => [name, rest.join('=')]))
}

function readTarget(request: Request, text: string | undefined): Table {
  const value = textOf(request, text)
  const table = request.database.schema.tables.get(value)
  if (table && table.set !== '') return table
  throw new Fault(
    404,
    '0x80041102',
    `The entity with a name = '${value}' was not found in the MetadataCache.`,
  )
}

function textOf(request: Request, text = ''): string {
  const value = text.startsWith('@') ? request.options.aliases.get(text) : undefined
  if (value?.kind === 'string') return value.value
  const written = /^'(.*)'$/.exec(text)?.[1]
  if (written === undefined)
    throw badQuery("The parameter 'TargetEntityName' is missing or no text.")
  return written
}

function checkFieldType(request: Request, text = ''): void {
  const value = text.startsWith('@') ? request.options.aliases.get(text) : undefined
  const type = `${NAMESPACE}TargetFieldType`
  const given =
    value?.kind === 'enum' && value.type === type
      ? value.value
      : new RegExp(`^${type.replaceAll('.', '\\.')}'(\\w+)'$`).exec(text)?.[1]
  if (given === undefined || !FIELD_TYPES.has(given)) {
    throw badQuery("The parameter 'TargetFieldType' is missing or is no TargetFieldType.")
  }
}

function readMoniker(request: Request, text: string | undefined, target: Table): Reference {
  const object = request.options.objects.get(text ?? '')
  if (!isBody(object)) throw badQuery("The parameter 'EntityMoniker' is missing or no object.")
  return followLink(request, object['@odata.id'], target)
}

/** The lookup of the new row that will lead to the row it is made from. */
function wayBetween(source: Table, target: Table): Single {
  const ways = [...target.singles.values()].filter((single) => single.target === source.name)
  const found =
    ways.find(({ column }) => column.name.startsWith('parent')) ??
    ways.find(({ column }) => column.create)
  if (found) return found
  throw new Fault(
    400,
    '0x80040203',
    `Invalid argument. No relationship maps ${source.name} to ${target.name}.`,
  )
}
