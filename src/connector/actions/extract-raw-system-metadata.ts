import { z } from 'zod'
import type { JsonObject } from '../../kernel/index.ts'
import { defineAction } from '../define-entry.ts'
import { attachmentOutput, documentTooLarge, outputField } from '../fields/document-output.ts'
import { toJsonSchema } from '../fields/json-schema.ts'

const CONTENT_TYPE = 'application/xml'
// What stands around the document in the message.
const FRAME_BYTES = 64

/** Reads the document that describes all tables, functions and actions of the environment. */
export const extractRawSystemMetadata = defineAction({
  name: 'extractRawSystemMetadata',
  title: 'Extract Raw System Metadata',
  help: 'Reads the $metadata document of the environment, which has several megabytes.',
  order: 100,
  config: z.object({ output: outputField(10) }),
  input: z.looseObject({}),
  outputSchema: async ({ config: { output } }) =>
    output === 'attachment' ? toJsonSchema(attachmentOutput) : IN_BODY,
  run: async function* ({ config, dataverse, attachments, limits, signal }) {
    const document = await dataverse.metadata.document({ signal })
    if (config.output === 'body') {
      const metadata = await readWithin(document, limits.maxMessageBytes)
      yield { kind: 'data', body: { metadata } }
      return
    }
    const name = 'metadata.xml'
    const stored = await attachments.put(document, { contentType: CONTENT_TYPE, name, signal })
    const { size, url } = stored
    yield { kind: 'data', body: { 'content-type': CONTENT_TYPE, type: '.xml', size, url } }
  },
})

const IN_BODY: JsonObject = {
  type: 'object',
  required: ['metadata'],
  properties: { metadata: { type: 'string', title: 'Metadata' } },
}

/** Reads a text as long as its message stays within the limit, and no further. */
async function readWithin(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = FRAME_BYTES
  // Leaving the loop ends the request.
  for await (const chunk of body) {
    const piece = decoder.decode(chunk, { stream: true })
    // Quotes and line ends take two bytes in JSON.
    bytes += Buffer.byteLength(JSON.stringify(piece)) - 2
    if (bytes > maxBytes) throw documentTooLarge(maxBytes)
    text += piece
  }
  return text + decoder.decode()
}
