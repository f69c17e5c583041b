import { buffer } from 'node:stream/consumers'
import type { AttachmentStore } from '../../src/connector/index.ts'

/** A store of attachments in memory, with what was put there. */
export function memoryAttachments() {
  const kept = new Map<
    string,
    { readonly bytes: Buffer; readonly contentType: string; readonly name?: string }
  >()
  const store: AttachmentStore = {
    put: async (body, { contentType, name }) => {
      const bytes = await buffer(body)
      const url = `https://attachments.example/${kept.size}`
      kept.set(url, { bytes, contentType, ...(name !== undefined && { name }) })
      return { url, size: bytes.length }
    },
    get: async (url) => {
      const found = kept.get(url)
      if (found === undefined) throw new Error(`there is no ${url}`)
      const body = new Blob([new Uint8Array(found.bytes)]).stream()
      return { body, contentType: found.contentType, size: found.bytes.length }
    },
  }
  return { store, kept }
}
