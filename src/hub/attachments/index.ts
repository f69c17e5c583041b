export { AttachmentError, type AttachmentErrorCode } from './attachment-error.ts'
export { type Attachment, type Attachments, createAttachments } from './attachments.ts'
