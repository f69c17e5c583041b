import type { Json } from '../../src/kernel/index.ts'
import { ComponentError } from './component-error.ts'
import type { ComponentEnvironment } from './environment.ts'
import type { PlatformMessage } from './platform.ts'
import { resultsOf } from './sampling.ts'

/** How large what comes out for one message may be, as JSON in UTF-8. */
export interface MessageRoom {
  /** The most that a body may have. */
  readonly most: number
  /** The most that a page of rows is given; a larger one is emitted as several. */
  readonly page: number
}

/**
 * Tells how much room a body has. A flow with passthrough carries every message twice, beside what the
 * steps before it emitted, or once beside the message that came in; a first step cannot know whether its
 * flow is one, so that pages stay below half.
 */
export function roomFor(
  { messageBytes, carriesInput }: Pick<ComponentEnvironment, 'carriesInput' | 'messageBytes'>,
  message: PlatformMessage,
): MessageRoom {
  const { passthrough } = message
  if (passthrough === undefined) return { most: messageBytes, page: Math.floor(messageBytes / 2) }
  const left = carriesInput
    ? messageBytes - sizeOf(message)
    : Math.floor((messageBytes - sizeOf(passthrough)) / 2)
  return { most: Math.max(0, left), page: Math.max(0, left) }
}

const ENVELOPE = sizeOf({ results: [] })

/** Gives a body as it is, or a page of rows as several smaller ones. @throws ComponentError */
export function* fittingBodies(body: Json, room: MessageRoom): Generator<Json, void, undefined> {
  const size = sizeOf(body)
  const rows = resultsOf(body)
  if (size <= room.page || rows === undefined) {
    if (size > room.most) throw tooLarge(size, room)
    yield body
    return
  }
  let page: Json[] = []
  let taken = ENVELOPE
  for (const row of rows) {
    const bytes = sizeOf(row) + 1
    if (ENVELOPE + bytes > room.most) throw tooLarge(ENVELOPE + bytes, room)
    if (page.length > 0 && taken + bytes > room.page) {
      yield { results: page }
      page = []
      taken = ENVELOPE
    }
    page.push(row)
    taken += bytes
  }
  yield { results: page }
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '')
}

function tooLarge(bytes: number, { most }: MessageRoom): ComponentError {
  return new ComponentError('message_too_large', {
    what: `A message of ${bytes} bytes came out; the platform carries ${most}.`,
    why: 'Its messages are encrypted, and are carried twice in a flow with passthrough.',
    remedy:
      'Select fewer columns, emit rows individually, or choose the output as an attachment where there is one.',
    facts: { bytes, most },
  })
}
