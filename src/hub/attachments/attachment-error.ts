import { CodedError } from '../../kernel/index.ts'

/** What can go wrong with attachments. Stable. */
export type AttachmentErrorCode = 'attachment_not_found' | 'attachment_too_large'

/** A document that cannot be kept or is not there. */
export class AttachmentError extends CodedError<AttachmentErrorCode> {}
