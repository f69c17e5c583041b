import type { Json, JsonObject } from '../../kernel/index.ts'
import type { Output } from '../context.ts'
import { checkboxField, integerField, requiredSelectField } from '../field.ts'
import { pageSchema } from '../row-messages.ts'

type EmitBehavior = 'emitPage' | 'emitIndividually'

/** How many rows are enough to see what a trigger puts out. */
export const SAMPLE_ROWS = 10

/** The field that says whether a page is one message or each of its rows. */
export function emitBehaviorField(order: number, what: { one: string; many: string }) {
  return requiredSelectField<EmitBehavior>({
    label: 'Emit behavior',
    help: `One message for every page of ${what.many}, or one for every ${what.one}.`,
    order,
    model: { emitPage: 'Emit page', emitIndividually: 'Emit individually' },
  })
}

/** The field for how much is asked for at a time. */
export function pageSizeField(order: number, text: { label: string; many: string }) {
  return integerField({
    label: text.label,
    help: `${text.many} per request, from 1 to 5000.`,
    order,
    min: 1,
    max: 5000,
    default: 5000,
  })
}

/** The field by which an execution ends after one page. */
export function singlePageField(order: number) {
  return checkboxField({
    label: 'Process Single Page Per Execution',
    help: 'Ends after one page; the next execution goes on from there.',
    order,
  })
}

/** Describes a message, by what one row of it is. */
export function messageSchema(one: JsonObject, emitBehavior: EmitBehavior): JsonObject {
  return emitBehavior === 'emitIndividually' ? one : pageSchema(one)
}

/** Makes the messages of a page; of an empty page there is none. Each row is named by its version. */
export function* messagesOf<One extends Json>(
  page: readonly One[],
  emitBehavior: EmitBehavior,
  versionOf: (one: One) => string,
): Generator<Output> {
  if (page.length === 0) return
  if (emitBehavior === 'emitPage') yield { kind: 'data', body: { results: page } }
  else for (const one of page) yield { kind: 'data', body: one, id: versionOf(one) }
}
