import type { SandboxClock } from '../clock.ts'
import type { Answer, Exchange, Handler } from '../exchange.ts'
import type { Deliver, Delivery } from '../listen/delivery.ts'
import type { FaultAction } from './model.ts'
import type { FaultQueue } from './queue.ts'

/** Builds the answers of the faults that only Entra ID knows. */
export type NamedFailure = (
  exchange: Exchange,
  action: Extract<FaultAction, { kind: 'aadsts' }>,
) => Answer

/** Puts the queue of faults between a handler and the wire. */
export function withFaults(
  target: string,
  handler: Handler,
  faults: FaultQueue,
  clock: SandboxClock,
  namedFailure: NamedFailure,
): Deliver {
  return async (exchange) => {
    const fault = faults.take(target, exchange)
    if (!fault) return whole(await handler(exchange))
    if (fault.delayMs > 0) await clock.sleep(fault.delayMs, exchange.signal)
    if (fault.action.kind !== 'callback')
      return spoil(exchange, handler, fault.action, namedFailure)
    // The pages on the way to the callback stay as they are.
    const answer = await handler(exchange)
    const misled = mislead(answer, fault.action.variant)
    if (!misled) faults.putBack(fault)
    return whole(misled ?? answer)
  }
}

async function spoil(
  exchange: Exchange,
  handler: Handler,
  action: Exclude<FaultAction, { kind: 'callback' }>,
  namedFailure: NamedFailure,
): Promise<Delivery> {
  switch (action.kind) {
    case 'respond':
      return whole(responded(action))
    case 'delay':
      return whole(await handler(exchange))
    case 'hang':
    case 'reset':
      return { kind: action.kind }
    case 'lose':
      await handler(exchange)
      return { kind: 'reset' }
    case 'cut':
      return { kind: 'cut', answer: await handler(exchange), afterBytes: action.afterBytes }
    case 'stall':
      return { kind: 'stall', answer: await handler(exchange), afterBytes: action.afterBytes }
    case 'length':
      return { kind: 'length', answer: await handler(exchange), by: action.by }
    case 'expireToken': {
      const headers = { ...exchange.headers, authorization: 'Bearer expired' }
      return whole(await handler({ ...exchange, headers }))
    }
    case 'truncate':
      return whole(halved(await handler(exchange)))
    case 'contentType': {
      const answer = await handler(exchange)
      return whole({ ...answer, headers: { ...answer.headers, 'content-type': action.value } })
    }
    case 'redirect':
      return whole({ status: action.status, headers: { location: action.location } })
    case 'aadsts':
      return whole(namedFailure(exchange, action))
  }
}

function responded(action: Extract<FaultAction, { kind: 'respond' }>): Answer {
  const { status, headers, body } = action
  if (body === undefined) return { status, headers }
  if (typeof body === 'string') {
    return { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, body }
  }
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  }
}

function halved(answer: Answer): Answer {
  const body = Buffer.from(answer.body ?? '')
  return { ...answer, body: body.subarray(0, body.length >> 1) }
}

/** Changes an answer that goes back to the app; any other gives nothing. */
function mislead(
  answer: Answer,
  variant: Extract<FaultAction, { kind: 'callback' }>['variant'],
): Answer | undefined {
  const location = answer.headers?.['location']
  if (typeof location !== 'string' || !URL.canParse(location)) return undefined
  if (variant === 'never') {
    const headers = { 'content-type': 'text/plain; charset=utf-8' }
    return { status: 200, headers, body: 'The window was closed.' }
  }
  const url = new URL(location)
  if (variant === 'withoutState') url.searchParams.delete('state')
  else url.searchParams.set('state', 'a-state-of-somebody-else')
  return { ...answer, headers: { ...answer.headers, location: url.href } }
}

function whole(answer: Answer): Delivery {
  return { kind: 'whole', answer }
}
