export {
  type Count,
  DataverseClient,
  type DataverseClientOptions,
  type RowOptions,
} from './client.ts'
export { collect } from './collect.ts'
export { type AnswerDetails, DataverseError, type DataverseErrorCode } from './dataverse-error.ts'
export { normaliseErrorCode } from './error-code.ts'
export {
  type Comparison,
  type Filter,
  type FilterValue,
  formatFilter,
  type TextSearch,
  where,
} from './filter.ts'
export { parseGuid } from './guid.ts'
export type { Organization, WhoAmI } from './identity.ts'
export { Literal, type LiteralType, literal } from './literal.ts'
export { createMetadataCache, type MetadataCache } from './metadata/cache.ts'
export type { Choice } from './metadata/choices.ts'
export { type ColumnType, isLookup, literalTypeOf } from './metadata/column-type.ts'
export type { Metadata } from './metadata/metadata.ts'
export {
  type Column,
  type Navigation,
  propertyOf,
  type RequiredLevel,
  type TableDefinition,
  type TableKey,
  type TableSummary,
} from './metadata/table.ts'
export type { Page, ReadOptions, Row } from './pages.ts'
export type { Annotations } from './prefer.ts'
export type { Expand, Order, Query } from './query.ts'
export { RAW_METHODS, type RawRequest, type RawResponse } from './raw-request.ts'
export type { KeyValue, RowKey } from './row-key.ts'
export type { CallOptions } from './session.ts'
export type { AccessToken, TokenSource } from './token-source.ts'
