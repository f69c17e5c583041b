import type { WebApi } from '../address/address.ts'
import { unexpectedAnswer } from '../answer/json-answer.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { Fault } from '../errors/fault.ts'
import { faultError } from '../errors/fault-error.ts'
import type { Operation } from '../operation.ts'
import { type BatchItem, isChangeSet, type OperationOutcome, operationsOf } from './batch-item.ts'
import { bodyOf, type PartAnswer, parseAnswer } from './http-part.ts'
import { type BodyPart, boundaryOf, partsOf } from './multipart.ts'
import { addressOf } from './write-batch.ts'

/** An outcome of any operation, or the outcomes of a change set. */
export type ItemOutcome = OperationOutcome<unknown> | readonly OperationOutcome<unknown>[]

/** What it takes to read a batch's answer. */
export interface OutcomeReading {
  readonly api: WebApi
  readonly items: readonly BatchItem[]
  readonly continueOnError: boolean
  readonly parseFault: (answer: PartAnswer) => Fault
}

/** The outcomes of a batch, and why its answer is not whole, if it is not. */
export interface ReadOutcomes {
  readonly outcomes: readonly ItemOutcome[]
  readonly failure?: unknown
}

/**
 * Reads the outcomes of a batch, item by item, from the parts of its answer.
 *
 * Where the parts end, or break off, before the items do, the rest was skipped if the batch stopped at a
 * failure, and is of unknown outcome otherwise.
 */
export async function readOutcomes(
  parts: AsyncGenerator<BodyPart, void, undefined>,
  reading: OutcomeReading,
): Promise<ReadOutcomes> {
  const source = partSource(parts)
  const outcomes: ItemOutcome[] = []
  let stopped = false
  for (const item of reading.items) {
    const answers = await answersOf(item, source.next)
    if (answers === undefined) outcomes.push(withoutAnswer(item, stopped, source.failure()))
    else outcomes.push(outcomeOfItem(item, answers, reading))
    stopped ||= !reading.continueOnError && answers?.some(isError) === true
  }
  if ((await source.next()) !== undefined) {
    throw unexpectedAnswer('$batch', 'more parts than operations')
  }
  const failure = source.failure()
  return { outcomes, ...(failure === undefined ? {} : { failure }) }
}

type Answer = PartAnswer | undefined
type NextPart = () => Promise<BodyPart | undefined>

// Once an answer has broken off, nothing more is asked of it.
function partSource(parts: AsyncGenerator<BodyPart, void, undefined>) {
  let failure: unknown
  const next: NextPart = async () => {
    if (failure !== undefined) return undefined
    try {
      const { done, value } = await parts.next()
      return done === true ? undefined : value
    } catch (error) {
      failure = error
      return undefined
    }
  }
  return { next, failure: () => failure }
}

// The answers of a change set come nested, as the documents show them, or bare; of one that failed comes
// the answer of the failure alone.
async function answersOf(item: BatchItem, next: NextPart): Promise<readonly Answer[] | undefined> {
  const part = await next()
  if (part === undefined) return undefined
  const boundary = boundaryOf(part.headers.get('content-type'))
  if (boundary !== undefined) return nestedAnswers(part, boundary)
  const answers = [parseAnswer(part)]
  while (answers.length < operationsOf(item).length && !answers.some(isError)) {
    const more = await next()
    if (more === undefined) break
    answers.push(parseAnswer(more))
  }
  return answers
}

function nestedAnswers(part: BodyPart, boundary: string): readonly Answer[] {
  try {
    return partsOf(part.content, boundary).map(parseAnswer)
  } catch {
    return [undefined]
  }
}

function isError(answer: Answer): boolean {
  return answer !== undefined && answer.status >= 400
}

function outcomeOfItem(
  item: BatchItem,
  answers: readonly Answer[],
  reading: OutcomeReading,
): ItemOutcome {
  if (!isChangeSet(item)) return outcomeOf(item, answers, reading)
  const { operations } = item
  const failed = answers.find(isError)
  if (failed !== undefined) return failedSet(operations, failed, reading)
  if (answers.length !== operations.length) return operations.map(() => unknown())
  const ordered = inOrder(answers)
  return operations.map((operation, index) => outcomeOf(operation, [ordered[index]], reading))
}

function inOrder(answers: readonly Answer[]): readonly Answer[] {
  const byId = new Map(answers.map((answer) => [answer?.contentId, answer]))
  const ordered = answers.map((_, index) => byId.get(String(index + 1)))
  return ordered.includes(undefined) ? answers : ordered
}

function outcomeOf(
  operation: Operation<unknown>,
  answers: readonly Answer[],
  reading: OutcomeReading,
): OperationOutcome<unknown> {
  const [answer] = answers
  if (answer === undefined || answers.length > 1) return unknown()
  const { status, headers } = answer
  const taken = (status >= 200 && status < 300) || operation.allow?.includes(status) === true
  if (!taken) return failed(errorOf(operation, answer, reading))
  try {
    return { ok: true, value: operation.read({ status, headers, body: bodyOf(answer) }) }
  } catch (error) {
    if (error instanceof DataverseError) return failed(error)
    if (!(error instanceof SyntaxError)) throw error
    return failed(unexpectedAnswer(operation.path, 'half JSON'))
  }
}

function failedSet(
  operations: readonly Operation<unknown>[],
  answer: PartAnswer,
  reading: OutcomeReading,
): readonly OperationOutcome<unknown>[] {
  const named = operations.length === 1 ? 0 : Number(answer.contentId ?? 0) - 1
  const [first] = operations
  const culprit = operations[named]
  const operation = culprit ?? first
  if (operation === undefined) return []
  const error = errorOf(operation, answer, reading)
  return operations.map((_, index) =>
    failed(culprit === undefined || index === named ? error : undone(named + 1, error)),
  )
}

function errorOf(
  operation: Operation<unknown>,
  answer: PartAnswer,
  { api, parseFault }: OutcomeReading,
): DataverseError {
  return faultError(parseFault(answer), {
    method: operation.method,
    url: addressOf(api, operation),
    ...(operation.headers === undefined ? {} : { headers: operation.headers }),
  })
}

function withoutAnswer(item: BatchItem, stopped: boolean, failure: unknown): ItemOutcome {
  const one = stopped ? ({ ok: false, skipped: true } as const) : unknown(failure)
  return isChangeSet(item) ? item.operations.map(() => one) : one
}

function failed(error: DataverseError): OperationOutcome<unknown> {
  return { ok: false, skipped: false, error }
}

function unknown(cause?: unknown): OperationOutcome<unknown> {
  return failed(
    new DataverseError('outcome_unknown', {
      what: 'The answer to the batch does not tell what became of this operation.',
      why: 'The answer broke off, or its parts are not those of the batch’s operations.',
      remedy:
        'Read the row to learn whether it was written, or repeat a write that may be repeated.',
      ...(cause === undefined ? {} : { cause }),
    }),
  )
}

function undone(position: number, cause: DataverseError): DataverseError {
  return new DataverseError('rolled_back', {
    what: `The operation was undone, because operation ${position} of its change set failed: ${cause.message}`,
    why: 'The operations of a change set happen all together or not at all.',
    remedy: `Mend operation ${position}, then send the change set again.`,
    who: cause.explanation.who,
    retry: cause.explanation.retry,
    facts: { failedOperation: position },
    cause,
  })
}
