import type { Answer } from '../exchange.ts'
import { checkRight } from './access/membership.ts'
import { sightOf } from './access/reach.ts'
import { checkSecured } from './access/secured.ts'
import { writeApply } from './answer/apply.ts'
import type { Writing } from './answer/cells.ts'
import { writeList } from './answer/list.ts'
import { answerDelta, answerTracked, countChanges } from './changes/answer.ts'
import { badQuery, notSupported, wrongMethod } from './fault.ts'
import { writeFetch } from './fetch/answer.ts'
import { viewText } from './fetch/views.ts'
import {
  APPLY_OPTIONS,
  FETCH_OPTIONS,
  LIST_OPTIONS,
  permitOptions,
} from './http/permitted-options.ts'
import { isTracking } from './query/cookie.ts'
import type { Options } from './query/options.ts'
import { countRows, MAX_PAGE, type Origin } from './query/run.ts'
import { jsonAnswer, type Request, scopeOf } from './request.ts'
import { relatedSlots } from './store/related.ts'

/** Answers with one page of rows; `address` is where the next one is found. */
export function answerList(request: Request, origin: Origin, address: string): Answer {
  checkRight(request.caller, 'Read', origin.table)
  checkSecured(request, origin.table)
  if (isTracked(request)) return answerChanges(request, origin, address)
  if (asksByFetch(request.options)) return answerFetch(request, origin)
  if (request.options.apply !== undefined) return answerApply(request, origin)
  permitOptions(request, LIST_OPTIONS)
  const body = writeList(
    {
      scope: scopeOf(request, origin.table),
      origin,
      options: request.options,
      preferences: request.preferences,
      base: request.base,
      address,
      timeZone: request.timeZone,
      tally: request.tally,
    },
    request.metadataVersion,
  )
  return jsonAnswer(request, body)
}

function asksByFetch({ fetchXml, savedQuery, userQuery }: Options): boolean {
  return (fetchXml ?? savedQuery ?? userQuery) !== undefined
}

function isTracked({ preferences, options }: Request): boolean {
  const { skiptoken, deltatoken } = options
  if (preferences.trackChanges || deltatoken !== undefined) return true
  return skiptoken !== undefined && isTracking(skiptoken)
}

function answerChanges(request: Request, { table, parent }: Origin, address: string): Answer {
  if (parent) throw notSupported('change tracking of related rows')
  return request.options.deltatoken === undefined
    ? answerTracked(request, table, address)
    : answerDelta(request, table, address)
}

/** Answers with groups of rows and what was worked out of them. */
function answerApply(request: Request, origin: Origin): Answer {
  permitOptions(request, APPLY_OPTIONS)
  const { apply = '', orderby, top } = request.options
  if (!request.countDistinct && /\bwith\s+countdistinct\b/.test(apply)) {
    throw badQuery("The aggregation method 'countdistinct' is not supported.")
  }
  const body = writeApply(
    writingOf(request),
    scopeOf(request, origin.table),
    origin,
    { apply, orderby, top },
    request.tally,
  )
  return jsonAnswer(request, body)
}

/** Answers a FetchXML query of a whole table, or a view, which related rows can be asked by too. */
function answerFetch(request: Request, origin: Origin): Answer {
  const { table, parent } = origin
  const { fetchXml, count } = request.options
  if (parent && fetchXml !== undefined) throw notSupported('FetchXML queries of related rows')
  permitOptions(request, FETCH_OPTIONS)
  const among = parent ? relatedSlots(request.database, parent.way, parent.id) : undefined
  const body = writeFetch(
    {
      scope: scopeOf(request, table),
      table,
      text: fetchXml ?? viewText(request, table),
      ...(among ? { among } : {}),
      count,
      preferences: request.preferences,
      writing: writingOf(request),
      tally: request.tally,
    },
    request.metadataVersion,
  )
  return jsonAnswer(request, body)
}

function writingOf(request: Request): Writing {
  const { database, base, preferences, timeZone } = request
  return { database, base, wants: preferences.wants, timeZone }
}

/** A bare number, at most 5,000, after a byte order mark. */
export function answerCount(request: Request, origin: Origin): Answer {
  if (!reads(request)) throw wrongMethod(request.method)
  const { deltatoken, filter } = request.options
  permitOptions(request, deltatoken === undefined ? ['$filter'] : ['$filter', '$deltatoken'])
  checkRight(request.caller, 'Read', origin.table)
  if (origin.parent && deltatoken !== undefined)
    throw notSupported('change tracking of related rows')
  const total =
    deltatoken === undefined
      ? countRows(scopeOf(request, origin.table), origin, filter)
      : countChanges(request, origin.table)
  const body = `\uFEFF${Math.min(total, MAX_PAGE)}`
  return { status: 200, headers: { 'content-type': 'text/plain' }, body }
}

/** Answers with the addresses of related rows. */
export function answerReferences(request: Request, origin: Origin): Answer {
  permitOptions(request, [])
  checkRight(request.caller, 'Read', origin.table)
  const rows = request.database.rows(origin.table)
  const slots = origin.parent
    ? relatedSlots(request.database, origin.parent.way, origin.parent.id)
    : []
  const sees = sightOf(request.database, request.caller, 'Read', origin.table)
  const value = (sees ? slots.filter(sees) : slots).map((slot) => ({
    '@odata.id': `${request.base}/${origin.table.set}(${rows.idOf(slot)})`,
  }))
  const context = `${request.base}/$metadata#Collection($ref)`
  return jsonAnswer(request, JSON.stringify({ '@odata.context': context, value }))
}

export function reads(request: Request): boolean {
  return request.method === 'GET' || request.method === 'HEAD'
}
