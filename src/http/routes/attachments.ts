import { contract } from '../contract/index.ts'
import type { Hub } from '../hub.ts'
import { bindDocument, type Operation } from '../server/operation.ts'

/** The operation that gives out what runs put aside. */
export function attachmentRoutes({ attachments }: Hub): readonly Operation[] {
  return [
    bindDocument(contract.readAttachment, async ({ params }, { principal }) => {
      const { workspaceId } = await principal()
      return await attachments.open(workspaceId, params.id)
    }),
  ]
}
