import type { z } from 'zod'
import {
  createApiKey,
  currentSession,
  listApiKeys,
  revokeApiKey,
  setUp,
  signIn,
  signOut,
} from './access.ts'
import { actionForm, actionOptions, listActions, readTypes, runAction } from './actions.ts'
import { readAttachment } from './attachments.ts'
import {
  addSecret,
  authClientUses,
  createAuthClient,
  editAuthClient,
  getAuthClient,
  listAuthClients,
  promoteSecret,
  removeAuthClient,
  removeNextSecret,
  testAuthClient,
} from './auth-clients.ts'
import {
  createCredential,
  editCredential,
  getCredential,
  listCredentials,
  removeCredential,
} from './credentials.ts'
import { discover, getFlow, reviewAuthClient, startFlow } from './flows.ts'
import type { RequestOf, ResponseOf } from './route.ts'
import {
  createTrigger,
  disableTrigger,
  enableTrigger,
  getTrigger,
  listTriggers,
  pauseTrigger,
  removeTrigger,
  resumeTrigger,
  runTrigger,
  triggerOutputs,
} from './triggers.ts'
import { latestVerification, verify } from './verifications.ts'
import { explain, listAlerts, listAudit } from './watching.ts'

/** Every operation of the API, by name: the server, the client, the pages and OpenAPI are made of it. */
export const contract = {
  setUp,
  signIn,
  currentSession,
  signOut,
  listApiKeys,
  createApiKey,
  revokeApiKey,
  discover,
  reviewAuthClient,
  listAuthClients,
  createAuthClient,
  getAuthClient,
  editAuthClient,
  removeAuthClient,
  authClientUses,
  testAuthClient,
  addSecret,
  promoteSecret,
  removeNextSecret,
  listCredentials,
  createCredential,
  getCredential,
  editCredential,
  removeCredential,
  startFlow,
  getFlow,
  verify,
  latestVerification,
  listActions,
  runAction,
  actionForm,
  actionOptions,
  readTypes,
  listTriggers,
  createTrigger,
  getTrigger,
  removeTrigger,
  runTrigger,
  triggerOutputs,
  pauseTrigger,
  resumeTrigger,
  enableTrigger,
  disableTrigger,
  readAttachment,
  explain,
  listAlerts,
  listAudit,
} as const

export type Contract = typeof contract

export type Operation = keyof Contract

/** The operations whose answer may be streamed. */
export type StreamedOperation = {
  [Name in Operation]: Contract[Name] extends { readonly line: unknown } ? Name : never
}[Operation]

/** The operations whose answer is a document. */
export type DocumentOperation = {
  [Name in Operation]: Contract[Name] extends { readonly document: true } ? Name : never
}[Operation]

/** What a caller hands over for an operation. */
export type Request<Name extends Operation> = RequestOf<Contract[Name]>

/** What an operation answers. */
export type Answer<Name extends Operation> = ResponseOf<Contract[Name]>

/** One line of an operation's streamed answer, but the last. */
export type Line<Name extends StreamedOperation> = z.output<Contract[Name]['line']>

export { lastLine, PROBLEM_TYPE, type Problem, problem, STREAM_TYPE } from './problem.ts'
export { type ResponseOf, type Route, type Scope, scopes } from './route.ts'
