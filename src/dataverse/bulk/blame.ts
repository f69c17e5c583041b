import type { JsonObject } from '../../kernel/index.ts'
import type { DataverseError } from '../errors/dataverse-error.ts'
import type { BulkItem } from './chunk.ts'

const GUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi
const QUOTED = /['"“‘]([^'"“”‘’]{1,200})['"”’]/g
const MOST_SUSPECTS = 4

/** Which rows of a refused chunk are likely at fault, and the column that the refusal names. */
export interface Blame {
  readonly suspects: readonly BulkItem[]
  readonly column?: string
}

/**
 * Reads from a refusal which rows it is about. The service refuses a bulk message as a whole and does
 * not number the row, but its message often holds a value, an id, a column or a length that only a few
 * rows have. What it does not tell is found by halving.
 */
export function blame(error: DataverseError, items: readonly BulkItem[]): Blame {
  const text = error.message
  const tokens = [...text.matchAll(QUOTED)].flatMap(([, token]) => token ?? [])
  // A bare number is a limit or a code, not what a row holds.
  const values = [...(text.match(GUID) ?? []), ...tokens.filter((one) => !/^\d*$/.test(one))]
  const named = columnNamed(text, tokens, items)
  const held = byValue(items, values)
  const found = held?.items ?? byLength(items, named, tokens) ?? []
  const few = found.length <= Math.min(MOST_SUSPECTS, Math.max(1, items.length / 4))
  const column = named ?? held?.column
  return { suspects: few ? found : [], ...(column === undefined ? {} : { column }) }
}

function columnNamed(text: string, tokens: readonly string[], items: readonly BulkItem[]) {
  const names = new Set(items.flatMap(({ row }) => Object.keys(row.body).map(bare)))
  const quoted = tokens.find((token) => names.has(bare(token)))
  if (quoted !== undefined) return bare(quoted)
  return text.match(/\b[a-z][a-z0-9_]{2,}\b/g)?.find((word) => names.has(word))
}

function bare(name: string): string {
  return name.replace(/@odata\.bind$/, '')
}

/** The few rows that hold a value that the message quotes, and the column that does. */
function byValue(items: readonly BulkItem[], values: readonly string[]) {
  for (const value of values) {
    const part = JSON.stringify(value).slice(1, -1).toLowerCase()
    const holders = items.filter(({ text }) => text.toLowerCase().includes(part))
    const [first] = holders
    if (first === undefined || holders.length > MOST_SUSPECTS) continue
    const column = Object.entries(first.row.body).find(([, held]) =>
      JSON.stringify(held).toLowerCase().includes(part),
    )?.[0]
    return { items: holders, column: column === undefined ? undefined : bare(column) }
  }
  return undefined
}

/** The rows whose value of the column is longer than the greatest number that the message quotes. */
function byLength(
  items: readonly BulkItem[],
  column: string | undefined,
  tokens: readonly string[],
) {
  if (column === undefined) return undefined
  const most = Math.max(...tokens.map(Number).filter((limit) => Number.isInteger(limit)))
  if (!Number.isFinite(most)) return undefined
  const beyond = items.filter(({ row }) => isBeyond(row.body, column, most))
  return beyond.length === 0 ? undefined : beyond
}

function isBeyond(body: JsonObject, column: string, most: number): boolean {
  const value = body[column]
  return typeof value === 'string' ? value.length > most : typeof value === 'number' && value > most
}
