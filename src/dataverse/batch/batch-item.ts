import { isObject } from '../../kernel/index.ts'
import { DataverseError, invalidArgument } from '../errors/dataverse-error.ts'
import type { Operation } from '../operation.ts'

/** Writing operations that happen all together or not at all; made by {@link changeSet}. */
export interface ChangeSet<
  Operations extends readonly Operation<unknown>[] = readonly Operation<unknown>[],
> {
  readonly kind: 'change-set'
  readonly operations: Operations
}

/** What a batch consists of. */
export type BatchItem = Operation<unknown> | ChangeSet

/** What became of one operation of a batch. */
export type OperationOutcome<Result> =
  | { readonly ok: true; readonly value: Result }
  | { readonly ok: false; readonly skipped: false; readonly error: DataverseError }
  /** Not run, because the batch stopped before it. */
  | { readonly ok: false; readonly skipped: true }

/** An outcome for each operation in order; those of a change set are a list of their own. */
export type BatchOutcomes<Items extends readonly BatchItem[]> = {
  readonly [Index in keyof Items]: Items[Index] extends ChangeSet<infer Operations>
    ? BatchOutcomes<Operations>
    : Items[Index] extends Operation<infer Result>
      ? OperationOutcome<Result>
      : never
}

/** Stands for the row of an earlier operation of the same change set, in a path or a bind. */
export type EarlierRow = `$${number}`

// https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
const MOST_OPERATIONS = 1000

/**
 * Groups writing operations, so that all of them happen or none.
 *
 * @example
 * ```ts
 * import { changeSet, countOperation, type DataverseClient, earlierRow, type Operation } from 'fairlead/dataverse'
 *
 * declare const client: DataverseClient
 * declare const createContact: Operation<string>
 * declare const createTask: Operation<string>
 *
 * const [counted, [contact]] = await client.batch(
 *   [
 *     countOperation('accounts'),
 *     changeSet([createContact, { ...createTask, path: `${earlierRow(1)}/Contact_Tasks` }]),
 *   ],
 *   { continueOnError: true },
 * )
 * if (counted.ok) console.log(counted.value.value)
 * if (!contact.ok && !contact.skipped) console.log(contact.error.code)
 * ```
 */
export function changeSet<const Operations extends readonly Operation<unknown>[]>(
  operations: Operations,
): ChangeSet<Operations> {
  return { kind: 'change-set', operations }
}

/**
 * Refers to the row that an earlier operation of the same change set writes, the first one being 1: as
 * the `path` of an operation, or as the value of a `…@odata.bind` or `@odata.id`.
 *
 * @throws DataverseError `invalid_argument`
 */
export function earlierRow(position: number): EarlierRow {
  if (Number.isInteger(position) && position >= 1 && position < MOST_OPERATIONS) {
    return `$${position}`
  }
  throw invalidArgument(
    'position',
    'it is not the place of an operation in a change set',
    'Count the operations of the change set from 1.',
  )
}

/** Tells a change set from a single operation. */
export function isChangeSet(item: BatchItem): item is ChangeSet {
  return 'operations' in item
}

/** The operations of an item, in order. */
export function operationsOf(item: BatchItem): readonly Operation<unknown>[] {
  return isChangeSet(item) ? item.operations : [item]
}

/**
 * Refuses what no batch may hold, before anything is sent.
 *
 * @throws DataverseError `batch_too_large`, `invalid_argument`
 */
export function checkItems(items: readonly BatchItem[]): void {
  const count = items.reduce((sum, item) => sum + operationsOf(item).length, 0)
  if (count > MOST_OPERATIONS) throw tooLarge(count)
  items.forEach((item, index) => {
    const name = `operations[${index}]`
    if (!isChangeSet(item)) {
      checkOperation(item, name, 0)
      return
    }
    if (item.operations.length === 0) {
      throw invalidArgument(name, 'the change set is empty', 'Leave it out.')
    }
    item.operations.forEach((operation, place) => {
      checkMember(operation, `${name}.operations[${place}]`, place)
    })
  })
}

function checkMember(operation: Operation<unknown>, name: string, earlier: number): void {
  if (operation.method === 'GET') {
    throw invalidArgument(
      name,
      'a change set only writes, and this operation reads',
      'Put it before or after the change set.',
    )
  }
  checkOperation(operation, name, earlier)
}

function checkOperation(operation: Operation<unknown>, name: string, earlier: number): void {
  if (/^(?:[^?]*\/)?(?:\$|%24)batch\b/i.test(operation.path)) {
    throw invalidArgument(
      name,
      'a batch cannot hold another one',
      'Send its operations in this one.',
    )
  }
  const references = [...referencesIn(operation)]
  const wrong = references.find((position) => position > earlier || position < 1)
  if (wrong === undefined) return
  throw invalidArgument(
    name,
    `it refers to $${wrong}, which is no earlier operation of its change set`,
    'Put both into one change set, the one that is referred to first; its first operation is $1.',
  )
}

function* referencesIn({ path, body }: Operation<unknown>): Generator<number> {
  const inPath = /^\$(\d{1,6})(?=[/?(]|$)/.exec(path)?.[1]
  if (inPath !== undefined) yield Number(inPath)
  if (body !== undefined) yield* referencesInBody(body)
}

function* referencesInBody(body: { readonly [key: string]: unknown }): Generator<number> {
  for (const [key, value] of Object.entries(body)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (isObject(each)) yield* referencesInBody(each)
      else if (typeof each === 'string' && /@odata\.(bind|id)$/.test(key)) {
        const position = /^\$(\d{1,6})$/.exec(each)?.[1]
        if (position !== undefined) yield Number(position)
      }
    }
  }
}

function tooLarge(count: number): DataverseError {
  return new DataverseError('batch_too_large', {
    what: `The batch has ${count} operations; Dataverse accepts ${MOST_OPERATIONS}.`,
    why: 'Operations within change sets count as well.',
    remedy: `Send them in batches of at most ${MOST_OPERATIONS} operations.`,
    facts: { operations: count, limit: MOST_OPERATIONS },
  })
}
