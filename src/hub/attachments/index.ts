export { type Attachment, type Attachments, createAttachments } from './attachments.ts'
