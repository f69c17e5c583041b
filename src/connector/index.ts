export { ConnectorError, type ConnectorErrorCode } from './connector-error.ts'
export type { AttachmentStore, Context, Output } from './context.ts'
export type { Action, FormContext, Option, OptionsContext } from './define-action.ts'
export type { FieldView, ViewClass } from './field.ts'
export {
  actions,
  findAction,
  type Manifest,
  type ManifestEntry,
  manifest,
  triggers,
} from './manifest.ts'
export { type ConnectionIdentity, verifyConnection } from './verify-connection.ts'
