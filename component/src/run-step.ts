import type { Entry, Output } from '../../src/connector/index.ts'
import { isRetryable, systemClock } from '../../src/kernel/index.ts'
import { ComponentError, plainError } from './component-error.ts'
import type { ComponentHost } from './host.ts'
import type { PlatformContext, PlatformMessage, StepConfiguration } from './platform.ts'
import { stepLogger } from './step-logger.ts'

// The runtime's limit is on the encrypted message in base64: four thirds of the JSON.
const MOST_MESSAGE_BYTES = 7.5 * 1024 * 1024
// https://docs.elastic.io: a snapshot has at most 5 KB.
const MOST_CURSOR_BYTES = 4_900

/** One message that came to a step. */
export interface StepRun {
  readonly message: PlatformMessage
  readonly configuration: StepConfiguration
  readonly snapshot: unknown
  /** The process is to end: what goes on from a checkpoint stops at the next one. */
  readonly ending: AbortSignal
}

/**
 * Runs an entry for one message and emits what comes out, one after the other: data as messages,
 * checkpoints as snapshots. A failure that may pass, before anything was emitted, sends the message back.
 */
export async function runStep(
  context: PlatformContext,
  host: ComponentHost,
  entry: Entry,
  run: StepRun,
): Promise<void> {
  const emitted = { count: 0 }
  try {
    for await (const output of outputsOf(context, host, entry, run)) {
      await emit(context, output)
      if (output.kind === 'data') emitted.count += 1
      else if (run.ending.aborted) return
    }
    if (host.environment.sample && emitted.count === 0) throw nothingToSample()
  } catch (error) {
    const plain = plainError(error)
    if (emitted.count > 0 || !isRetryable(error) || entry.kind === 'polling') throw plain
    await context.emit?.('rebound', plain)
  }
}

async function* outputsOf(
  context: PlatformContext,
  host: ComponentHost,
  entry: Entry,
  { message, configuration, snapshot }: StepRun,
): AsyncGenerator<Output> {
  const { dataverse, fields } = await host.open(configuration, context)
  yield* entry.run({
    config: fields,
    input: message.body ?? message.data ?? {},
    dataverse,
    cursor: snapshot,
    sample: host.environment.sample,
    attachments: host.attachments,
    limits: { maxMessageBytes: MOST_MESSAGE_BYTES, maxCursorBytes: MOST_CURSOR_BYTES },
    clock: systemClock,
    logger: stepLogger(context.logger),
    signal: new AbortController().signal,
  })
}

// The runtime writes into what it is given: every message is a new object.
async function emit(context: PlatformContext, output: Output): Promise<void> {
  if (output.kind === 'checkpoint') await context.emit?.('snapshot', output.cursor)
  else await context.emit?.('data', { body: output.body, headers: {} })
}

function nothingToSample(): ComponentError {
  return new ComponentError('no_objects_for_sample', {
    what: 'There is nothing that a sample could show.',
    why: 'Nothing came out for this configuration and input.',
    remedy:
      'Choose a configuration that finds something. In a running flow this is no error: nothing is passed on.',
    who: 'you',
    retry: { when: 'never' },
  })
}
