import { SaxesParser } from 'saxes'
import { DataverseError } from '../../errors/dataverse-error.ts'
import { ANNOTATION_ELEMENTS } from './annotation-elements.ts'
import { CONTAINER_ELEMENTS } from './container-elements.ts'
import { type Attributes, createDraft, type ElementReader, finishDraft, shown } from './draft.ts'
import type { CsdlModel } from './model.ts'
import { OPERATION_ELEMENTS } from './operation-elements.ts'
import { TYPE_ELEMENTS } from './type-elements.ts'
import { unreadable } from './unreadable.ts'

const READERS: ReadonlyMap<string, ElementReader> = new Map(
  Object.entries({
    ...TYPE_ELEMENTS,
    ...OPERATION_ELEMENTS,
    ...CONTAINER_ELEMENTS,
    ...ANNOTATION_ELEMENTS,
  }),
)

// The largest organizations have 30 MB; nothing of one element is near a megabyte.
const MOST_BYTES = 256 * 1024 * 1024
const LONGEST_PIECE = 1024 * 1024
const DEEPEST = 64

/**
 * Reads a `$metadata` document as it arrives; only the model is held, never the document.
 *
 * @throws DataverseError `metadata_unreadable` with line and column
 */
export async function readModel(
  chunks: AsyncIterable<Uint8Array>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<CsdlModel> {
  const document = openDocument()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let bytes = 0
  for await (const chunk of chunks) {
    options.signal?.throwIfAborted()
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw document.fail('it is larger than 256 MB')
    document.write(document.guard(() => decoder.decode(chunk, { stream: true })))
  }
  document.write(document.guard(() => decoder.decode()))
  return document.end()
}

function openDocument() {
  const parser = new SaxesParser()
  const draft = createDraft()
  let depth = 0
  let piece = 0
  const place = () => ({ line: parser.line, column: parser.columnIndex + 1 })
  const fail = (found: string, cause?: unknown) => unreadable(found, place(), cause)
  const guard = <Result>(work: () => Result): Result => {
    try {
      return work()
    } catch (error) {
      if (error instanceof DataverseError) throw error
      throw fail(complaint(error), error)
    }
  }
  parser.on('opentag', ({ name, attributes }) => {
    piece = 0
    depth += 1
    if (depth === 1) checkRoot(name, attributes)
    if (depth > DEEPEST) throw new RangeError('its elements are nested too deep')
    readerOf(name)?.open(draft, attributes)
  })
  parser.on('closetag', ({ name }) => {
    piece = 0
    depth -= 1
    readerOf(name)?.close?.(draft)
  })
  // A document type is where XML hides what grows: CSDL has none.
  parser.on('doctype', () => {
    throw new RangeError('it has a document type')
  })
  const write = (text: string) => {
    guard(() => parser.write(text))
    piece += text.length
    if (piece > LONGEST_PIECE) throw fail('a piece of it has no end')
  }
  const end = () =>
    guard(() => {
      parser.close()
      return finishDraft(draft)
    })
  return { write, end, fail, guard }
}

function checkRoot(name: string, attributes: Attributes): void {
  const version = attributes['Version'] ?? ''
  if (localName(name) !== 'Edmx') throw new RangeError(`it begins with <${shown(name)}>`)
  if (!version.startsWith('4.')) throw new RangeError(`it is CSDL “${shown(version)}”, not 4.0`)
}

// Nearly all elements stand without a prefix.
function readerOf(name: string): ElementReader | undefined {
  return READERS.get(name) ?? (name.includes(':') ? READERS.get(localName(name)) : undefined)
}

function localName(name: string): string {
  const colon = name.indexOf(':')
  return colon === -1 ? name : name.slice(colon + 1)
}

// The parser puts the place before its messages; ours tell it themselves.
function complaint(error: unknown): string {
  if (error instanceof TypeError) return 'it is not UTF-8'
  return error instanceof Error ? error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '') : ''
}
