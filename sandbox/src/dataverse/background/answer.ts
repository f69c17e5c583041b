import type { Answer } from '../../exchange.ts'
import { Fault, notSupported, unknownProperty, wrongMethod } from '../fault.ts'
import type { Segment } from '../http/address.ts'
import { permitOptions } from '../http/permitted-options.ts'
import { OPERATIONS } from '../operations.ts'
import { NAMESPACE } from '../query/expression.ts'
import { asGuid } from '../query/operands.ts'
import { splitNames } from '../query/options.ts'
import { jsonAnswer, type Request } from '../request.ts'
import type { BackgroundOperation } from './operations.ts'

const FORMATTED = 'OData.Community.Display.V1.FormattedValue'
const NINETY_DAYS = 7_776_000
// Of the states the documents give the first; the others are those of the released product.
const COMPLETED = 3
const SUCCEEDED = 30
const FAILED = 31

/**
 * Runs a request that prefers `respond-async`, and answers that it has been accepted.
 * https://learn.microsoft.com/power-apps/developer/data-platform/background-operations
 */
export function acceptRequest(
  request: Request,
  segments: readonly Segment[],
  run: () => Answer,
): Answer {
  const name = operationName(segments)
  if (name === undefined) {
    throw notSupported('Prefer: respond-async with anything but functions and actions')
  }
  const id = request.background.newId()
  const { exchange, caller, now } = request
  const input = exchange.body.length > 0 ? exchange.body.toString('utf8') : exchange.url.search
  const outcome = outcomeOf(run)
  request.background.operations.add({
    id,
    name,
    input,
    runAs: caller.user.id,
    created: now,
    outcome,
  })
  const formatted = request.preferences.wants(FORMATTED)
  const body = {
    backgroundOperationId: id,
    ...(formatted ? { [`backgroundOperationStateCode@${FORMATTED}`]: 'Ready' } : {}),
    backgroundOperationStateCode: 0,
    ...(formatted
      ? { [`backgroundOperationStatusCode@${FORMATTED}`]: 'Waiting For Resources' }
      : {}),
    backgroundOperationStatusCode: 0,
    location: `${request.base}/backgroundoperations(${id})`,
  }
  const headers = { 'preference-applied': 'respond-async' }
  const { acceptedStatus: status } = request.background
  return jsonAnswer(request, JSON.stringify(body), { status, headers })
}

/** Answers `GET backgroundoperations(id)`. */
export function answerBackground(
  request: Request,
  { key }: Segment,
  rest: readonly Segment[],
): Answer {
  if (key === undefined || rest.length > 0) throw notSupported('lists of background operations')
  if (request.method !== 'GET') throw wrongMethod(request.method)
  permitOptions(request, ['$select'])
  const found = request.background.operations.find(asGuid(key) ?? '')
  if (!found) {
    throw new Fault(404, '0x80040217', `backgroundoperation With Id = ${key} Does Not Exist`)
  }
  const { select } = request.options
  const row = rowOf(found)
  const names = select === undefined ? Object.keys(row) : splitNames(select)
  for (const name of names) {
    if (!Object.hasOwn(row, name)) throw unknownProperty(name, 'backgroundoperation')
  }
  const shown = Object.fromEntries(names.map((name) => [name, row[name]]))
  const columns = select === undefined ? '' : `(${names.join(',')})`
  return jsonAnswer(
    request,
    JSON.stringify({
      '@odata.context': `${request.base}/$metadata#backgroundoperations${columns}/$entity`,
      ...shown,
      backgroundoperationid: found.id,
    }),
  )
}

function outcomeOf(run: () => Answer): Answer | Fault {
  try {
    return run()
  } catch (error) {
    // What the sandbox has not is said at once.
    if (error instanceof Fault && error.status !== 501) return error
    throw error
  }
}

function operationName(segments: readonly Segment[]): string | undefined {
  const last = segments.at(-1)?.name ?? ''
  if (last.startsWith(NAMESPACE)) return last.slice(NAMESPACE.length)
  return segments.length === 1 && OPERATIONS.has(last) ? last : undefined
}

function rowOf(operation: BackgroundOperation): Readonly<Record<string, unknown>> {
  const { id, name, input, runAs, created, outcome } = operation
  const failed = outcome instanceof Fault ? outcome : undefined
  const time = `${new Date(created).toISOString().slice(0, 19)}Z`
  return {
    backgroundoperationid: id,
    backgroundoperationstatecode: COMPLETED,
    backgroundoperationstatuscode: failed ? FAILED : SUCCEEDED,
    name,
    displayname: name,
    inputparameters: input,
    outputparameters: outcome instanceof Fault ? null : String(outcome.body ?? ''),
    starttime: time,
    endtime: time,
    retrycount: 0,
    // The column is a whole number: the code as a signed one.
    errorcode: failed ? Number.parseInt(failed.code, 16) | 0 : null,
    errormessage: failed?.message ?? null,
    runas: runAs,
    createdon: time,
    ttlinseconds: NINETY_DAYS,
  }
}
