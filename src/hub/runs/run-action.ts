import { type Output, refuseUnknownFields } from '../../connector/index.ts'
import { isObject, toTimestamp } from '../../kernel/index.ts'
import { requireEntry } from './find-entry.ts'
import { sizeBeyond } from './message-size.ts'
import { RunError } from './run-error.ts'
import { type CredentialRef, openClient, type RunHost } from './run-host.ts'

/** One trigger or action to run, as it was asked for: configuration and input are checked by it. */
export interface RunRequest extends CredentialRef {
  readonly action: string
  readonly config: unknown
  readonly input: unknown
  /** Where a trigger goes on: the last checkpoint that it put out. */
  readonly cursor?: unknown
  /** Only to see what would come out. */
  readonly sample?: boolean | undefined
  readonly signal: AbortSignal
}

/**
 * Runs a trigger or action over a Credential and gives what it puts out, as it comes. Whoever stops taking ends
 * the run.
 *
 * @throws RunError `unknown_action`, `unknown_credential`, `message_too_large`, `run_too_long`
 * @throws ConnectorError, DataverseError and the vault's errors, as they arise
 */
export async function* runAction(
  host: RunHost,
  request: RunRequest,
): AsyncGenerator<Output, void, undefined> {
  const action = requireEntry(host, request.action)
  if (isObject(request.config)) refuseUnknownFields(action.fields, request.config)
  const dataverse = await openClient(host, request)
  const { clock, limits } = host
  const attachments = host.attachments(request.workspaceId)
  const { maxMessageBytes, maxCursorBytes } = limits
  const logger = host.logger.with({ action: action.name, credentialId: request.credentialId })
  const deadline = startDeadline(host, request.signal)
  const startedAt = clock.now()
  let count = 0
  try {
    const { config, input, cursor = null, sample = false } = request
    const { signal } = deadline
    const asked = { config, input, cursor, sample }
    const bounds = { maxMessageBytes, maxCursorBytes }
    const context = { ...asked, dataverse, attachments, limits: bounds, clock, logger, signal }
    for await (const output of action.run(context)) {
      signal.throwIfAborted()
      checkSize(output, maxMessageBytes)
      count += 1
      yield output
    }
    logger.info('action ended', { count, ms: clock.now() - startedAt })
  } catch (error) {
    const reason = deadline.signal.aborted ? deadline.signal.reason : error
    const ran = { count, ms: clock.now() - startedAt }
    if (request.signal.aborted) logger.info('action stopped', ran)
    else logger.warn('action failed', { ...ran, error: reason })
    throw reason
  } finally {
    deadline.end()
  }
}

// The timer ends with the run, so that nothing is left behind to wait for it.
function startDeadline({ clock, limits }: RunHost, outer: AbortSignal) {
  const tooLong = new AbortController()
  const ended = new AbortController()
  const until = clock.now() + limits.maxRunMs
  clock.sleep(limits.maxRunMs, ended.signal).then(
    () => tooLong.abort(runTooLong(limits.maxRunMs, until)),
    () => undefined,
  )
  return { signal: AbortSignal.any([outer, tooLong.signal]), end: () => ended.abort() }
}

function runTooLong(maxRunMs: number, until: number): RunError {
  return new RunError('run_too_long', {
    what: `The run was ended after ${Math.round(maxRunMs / 1000)} s.`,
    why: 'A single run may not take longer.',
    remedy: 'Ask for fewer rows, by a filter or by fewer columns.',
    facts: { maxRunMs, endedAt: toTimestamp(until) },
  })
}

function checkSize(output: Output, maxMessageBytes: number): void {
  if (output.kind !== 'data') return
  const bytes = sizeBeyond(output.body, maxMessageBytes)
  if (bytes === undefined) return
  throw new RunError('message_too_large', {
    what: `A message of ${bytes} bytes came out; the largest allowed has ${maxMessageBytes}.`,
    why: 'One row, or one page of rows, is larger than a message may be.',
    remedy: 'Select fewer columns, use a smaller page size, or emit rows individually.',
    facts: { bytes, maxMessageBytes },
  })
}
