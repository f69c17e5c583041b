import type { Problem } from '../contract/index.ts'

const READ_AHEAD_BYTES = 64 * 1024

/**
 * Writes lines as they are asked for: a slow reader slows the source down, one that leaves ends it.
 * The last line tells that all came, or why not.
 */
export function toNdjson(
  first: IteratorResult<unknown>,
  rest: AsyncIterator<unknown>,
  options: { readonly toProblem: (error: unknown) => Problem; readonly leave: () => void },
): ReadableStream<Uint8Array> {
  const encode = (line: unknown) => new TextEncoder().encode(`${JSON.stringify(line)}\n`)
  let next: IteratorResult<unknown> | undefined = first
  let count = 0
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const result = next ?? (await rest.next())
          next = undefined
          if (result.done !== true) {
            count += 1
            return controller.enqueue(encode(result.value))
          }
          controller.enqueue(encode({ kind: 'end', count }))
        } catch (error) {
          controller.enqueue(encode({ kind: 'problem', problem: options.toProblem(error) }))
        }
        controller.close()
      },
      cancel: async () => {
        options.leave()
        await rest.return?.()
      },
    },
    { highWaterMark: READ_AHEAD_BYTES, size: (chunk) => chunk.byteLength },
  )
}
