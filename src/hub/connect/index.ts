export { type Connect, createConnect } from './connect.ts'
export type { ConnectError, ConnectErrorCode } from './connect-error.ts'
export type { ConnectParts } from './connect-parts.ts'
export type { CallbackVisit } from './flows/finish.ts'
export type { Flow, FlowFailure, FlowResult, FlowState } from './flows/flow.ts'
export type { FlowCookie } from './flows/flow-cookie.ts'
export type { FlowRequest, Prompt, StartedFlow } from './flows/flow-start.ts'
export type { OpenedTicket } from './flows/open-ticket.ts'
export { type GuideValues, readGuide } from './guide/guide.ts'
export type { Advice, ReviewInput } from './review.ts'
export type {
  CodedExplanation,
  StageOutcome,
  StageReport,
  VerificationReport,
} from './verify/report.ts'
export type { VerifyRequest } from './verify/verify.ts'
