import { randomUUID } from 'node:crypto'
import type { Entry, Output } from '../../src/connector/index.ts'
import { isRetryable, type Json, systemClock } from '../../src/kernel/index.ts'
import { plainError } from './component-error.ts'
import type { ComponentHost, OpenedStep } from './host.ts'
import { fittingBodies, roomFor } from './message-size.ts'
import type { PlatformContext, PlatformMessage, StepConfiguration } from './platform.ts'
import { MOST_SAMPLE_ROWS, nothingToSample, rowsIn, sampleOf } from './sampling.ts'
import { stepLogger } from './step-logger.ts'
import { inputOf } from './webhook.ts'

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

interface Progress {
  emitted: number
  rows: number
  /** Whether anything may have been changed. */
  writes(): boolean
}

/**
 * Runs an entry for one message and emits what comes out, one after the other: data as messages,
 * checkpoints as snapshots. A failure that may pass, before anything was emitted or written, sends the
 * message back; a trigger is run again anyway.
 */
export async function runStep(
  context: PlatformContext,
  host: ComponentHost,
  entry: Entry,
  run: StepRun,
): Promise<void> {
  const progress: Progress = { emitted: 0, rows: 0, writes: () => false }
  const { sample } = host.environment
  try {
    const opened = await host.open(run.configuration, context)
    progress.writes = opened.mayHaveWritten
    for await (const output of outputsOf(context, host, entry, run, opened)) {
      if (output.kind === 'checkpoint') {
        await context.emit?.('snapshot', output.cursor)
        if (run.ending.aborted) return
      } else {
        await emitData(context, host, run.message, output.body, progress)
        if (hasFailed(context)) return
        // Only what reads can be left in the middle.
        if (sample && progress.rows >= MOST_SAMPLE_ROWS && !progress.writes()) return
      }
    }
    if (sample && progress.rows === 0) throw nothingToSample()
  } catch (error) {
    const plain = plainError(error)
    const again = isRetryable(error) && progress.emitted === 0 && !progress.writes()
    if (!again || sample || entry.kind === 'polling') throw plain
    await context.emit?.('rebound', plain)
  }
}

async function* outputsOf(
  context: PlatformContext,
  host: ComponentHost,
  entry: Entry,
  { message, snapshot }: StepRun,
  { dataverse, fields }: OpenedStep,
): AsyncGenerator<Output> {
  const { most } = roomFor(host.environment, message)
  yield* entry.run({
    config: fields,
    input: inputOf(entry, host.environment.webhook, message),
    dataverse,
    cursor: snapshot,
    sample: host.environment.sample,
    attachments: host.attachments,
    limits: { maxMessageBytes: most, maxCursorBytes: MOST_CURSOR_BYTES },
    clock: systemClock,
    logger: stepLogger(context.logger),
    // A step that was begun is finished: the platform has no way to call one off.
    signal: new AbortController().signal,
  })
}

// What the runtime could not send it has reported by itself, and goes on as if nothing had happened. To go on
// from a checkpoint behind that would lose it.
function hasFailed({ errorCount = 0 }: PlatformContext): boolean {
  return errorCount > 0
}

// The runtime writes into what it is given: every message is a new object. It also gives all messages of
// a run one id unless they bring their own, and the next step then drops those that it takes for the same.
async function emitData(
  context: PlatformContext,
  host: ComponentHost,
  message: PlatformMessage,
  whole: Json,
  progress: Progress,
): Promise<void> {
  const { sample } = host.environment
  const cut = sample && !progress.writes()
  const wanted = cut ? sampleOf(whole, MOST_SAMPLE_ROWS - progress.rows) : whole
  // A page without rows shows nothing.
  if (cut && rowsIn(wanted) === 0) return
  for (const body of fittingBodies(wanted, roomFor(host.environment, message))) {
    await context.emit?.('data', { id: randomUUID(), body, headers: {} })
    if (hasFailed(context)) return
    progress.emitted += 1
    progress.rows += rowsIn(body)
  }
}
