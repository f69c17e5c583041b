import { badQuery, notSupported } from '../fault.ts'
import type { List, Operand } from './expression.ts'
import { parseParameter } from './parse-filter.ts'
import { splitOutside } from './split.ts'

/** The query options of one request, still text except for what every reader needs as a value. */
export interface Options {
  /** Everything that was sent, in its order and encoding, for the links of the answer. */
  readonly sent: readonly { readonly name: string; readonly raw: string; readonly value: string }[]
  readonly select: string | undefined
  readonly filter: string | undefined
  readonly orderby: string | undefined
  readonly expand: string | undefined
  readonly top: number | undefined
  readonly count: boolean
  readonly skiptoken: string | undefined
  readonly apply: string | undefined
  readonly deltatoken: string | undefined
  readonly fetchXml: string | undefined
  /** The id of a view of the organization, or of a user. */
  readonly savedQuery: string | undefined
  readonly userQuery: string | undefined
  /** The row that a disassociation names. */
  readonly id: string | undefined
  readonly aliases: ReadonlyMap<string, Operand | List>
  /** Parameters that are JSON objects. */
  readonly objects: ReadonlyMap<string, unknown>
}

const KNOWN = new Set([
  '$select',
  '$filter',
  '$orderby',
  '$expand',
  '$top',
  '$count',
  '$skiptoken',
  '$id',
  '$apply',
  '$deltatoken',
])
const NOT_BUILT: Readonly<Record<string, string>> = {
  sql: 'SQL queries (sql)',
  $search: 'the query option $search, which Dataverse has not either',
  $format: 'the query option $format, which Dataverse has not either',
  $compute: 'the query option $compute, which Dataverse has not either',
  $levels: 'the query option $levels, which Dataverse has not either',
}

/** How the sandbox treats what the documents leave open. */
export interface OptionRules {
  /** The documents say that `$skip` is not supported, not what happens. */
  readonly skip: 'ignored' | 'refused'
}

/** Reads the query part of an address. */
export function parseOptions(search: string, rules: OptionRules): Options {
  const sent = search
    .replace(/^\?/, '')
    .split('&')
    .filter((part) => part !== '')
    .map(splitPair)
  const values = new Map<string, string>()
  const aliases = new Map<string, Operand | List>()
  const objects = new Map<string, unknown>()
  for (const { name, value } of sent) {
    if (Object.hasOwn(NOT_BUILT, name)) throw notSupported(NOT_BUILT[name] ?? name)
    if (name === '$skip') refuseSkip(rules)
    else if (/^[$@]|^(fetchXml|savedQuery|userQuery)$/.test(name)) setOnce(values, name, value)
    if (name.startsWith('@') && value.startsWith('{')) objects.set(name, readObject(value))
    else if (name.startsWith('@')) aliases.set(name, parseParameter(value))
  }
  return {
    sent,
    select: values.get('$select'),
    filter: values.get('$filter'),
    orderby: values.get('$orderby'),
    expand: values.get('$expand'),
    top: readTop(values.get('$top')),
    count: readCount(values.get('$count')),
    skiptoken: values.get('$skiptoken'),
    apply: values.get('$apply'),
    deltatoken: values.get('$deltatoken'),
    fetchXml: values.get('fetchXml'),
    savedQuery: values.get('savedQuery'),
    userQuery: values.get('userQuery'),
    id: values.get('$id'),
    aliases,
    objects,
  }
}

/** A parameter that is an object is written as JSON; the documents also show single quotes. */
function readObject(text: string): unknown {
  for (const written of [text, text.replaceAll("'", '"')]) {
    try {
      return JSON.parse(written)
    } catch {
      // The other way of writing it may do.
    }
  }
  throw badQuery(`Invalid JSON. '${text.slice(0, 100)}' is no object.`)
}

export function readTop(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text.trim())) {
    throw badQuery(
      `Invalid value '${text}' for $top query option found. The $top query option requires a non-negative integer value.`,
    )
  }
  return Number(text)
}

/** Splits a comma list into trimmed names, none of them empty. */
export function splitNames(text: string): string[] {
  const names = splitOutside(text, ',').map((name) => name.trim())
  if (names.includes('')) {
    throw badQuery("Term '' is not valid in a $select or $expand expression.")
  }
  return names
}

function readCount(text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false
  if (text === 'true') return true
  throw badQuery(
    `Invalid value '${text}' for $count query option found. Valid values are 'true,false'.`,
  )
}

function setOnce(values: Map<string, string>, name: string, value: string): void {
  if (name.startsWith('$') && !KNOWN.has(name)) {
    throw badQuery(`The query parameter '${name}' is not supported.`)
  }
  if (values.has(name)) {
    throw badQuery(
      `Query option '${name}' was specified more than once, but it must be specified at most once.`,
    )
  }
  if (value === '' && (name === '$select' || name === '$orderby')) {
    throw notSupported(`an empty ${name}`)
  }
  values.set(name, value)
}

function refuseSkip(rules: OptionRules): void {
  if (rules.skip === 'refused') throw badQuery('Skip Clause is not supported in CRM')
}

function splitPair(part: string): { name: string; raw: string; value: string } {
  const at = part.indexOf('=')
  const name = decode(at < 0 ? part : part.slice(0, at)).trim()
  return { name, raw: part, value: at < 0 ? '' : decode(part.slice(at + 1)).trim() }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw badQuery(`The address holds a percent sign that starts no escape: '${text}'.`)
  }
}
