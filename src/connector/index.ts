export { refuseUnknownFields } from './check-values.ts'
export {
  ConnectorError,
  type ConnectorErrorCode,
  didYouMean,
  quoted,
} from './connector-error.ts'
export type { AttachmentStore, Context, OpenedAttachment, Output, RunLimits } from './context.ts'
export type {
  Enabling,
  Entry,
  EntryKind,
  FormContext,
  Option,
  OptionsContext,
  Registration,
} from './entry.ts'
export type { FieldView, ViewClass } from './field.ts'
export {
  actions,
  findEntry,
  type Manifest,
  type ManifestEntry,
  manifest,
  triggers,
} from './manifest.ts'
export { type ConnectionIdentity, verifyConnection } from './verify-connection.ts'
