import { empty, plain, type Route } from './route.ts'
import { byId } from './values.ts'

export const readAttachment = {
  ...plain,
  method: 'GET',
  path: '/api/v1/attachments/{id}',
  subject: 'Attachments',
  summary: 'Read a document that a run put aside; it is kept for a day',
  access: 'run',
  params: byId,
  response: empty,
  document: true,
} as const satisfies Route
