import { z } from 'zod'
import { ConnectorError } from '../connector-error.ts'
import { selectField } from '../field.ts'

const OUTPUT = { key: 'output', label: 'Output' }

/** The field that says where a document goes. */
export function outputField(order: number) {
  return selectField({
    label: OUTPUT.label,
    help: 'Apart from the message, of any length; or in the message, as long as that may be.',
    order,
    model: { attachment: 'As Attachment', body: 'In Body' },
    default: 'attachment',
  })
}

/** A document that was stored apart from the message. */
export const attachmentOutput = z.object({
  'content-type': z.string(),
  type: z.string(),
  size: z.int(),
  url: z.string(),
})

/** Refuses a document that no message can hold. */
export function documentTooLarge(maxMessageBytes: number): ConnectorError {
  return new ConnectorError('document_too_large', {
    what: `The document does not fit into a message of at most ${maxMessageBytes} bytes.`,
    why: 'The host bounds what one message may hold.',
    remedy: 'Choose the output “As Attachment”.',
    facts: { field: OUTPUT.key, maxMessageBytes },
  })
}
