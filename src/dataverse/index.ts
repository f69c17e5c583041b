export { parseGuid } from './address/guid.ts'
export type { KeyValue, RowKey } from './address/row-key.ts'
export {
  type BatchItem,
  type BatchOutcomes,
  type ChangeSet,
  changeSet,
  type EarlierRow,
  earlierRow,
  type OperationOutcome,
} from './batch/batch-item.ts'
export type { BatchOptions } from './batch/send-batch.ts'
export type { Bulk, BulkOptions, BulkUpsertOptions } from './bulk/bulk.ts'
export type { BulkRow } from './bulk/intake.ts'
export type { BulkOutcome, Hindrance, Rejection, RowFate, WrittenStatus } from './bulk/outcome.ts'
export type { ChunkLimits } from './bulk/sizer.ts'
export type { CallOptions } from './call-options.ts'
export type { Change } from './changes/parse-changes.ts'
export type { ChangeOptions, ChangePage } from './changes/read-changes.ts'
export { DataverseClient } from './client.ts'
export type { DataverseClientOptions } from './client-parts.ts'
export {
  type AnswerDetails,
  DataverseError,
  type DataverseErrorCode,
} from './errors/dataverse-error.ts'
export { normaliseErrorCode } from './errors/error-code.ts'
export type { FetchOptions, FetchPage, FetchPlace } from './fetch/fetch-pages.ts'
export { type FetchValue, fetchXml } from './fetch/fetch-xml.ts'
export type { ByteSource } from './files/byte-reader.ts'
export type { DownloadedFile, DownloadOptions } from './files/download.ts'
export type { FileName } from './files/file-target.ts'
export type { Files } from './files/files.ts'
export type { Progress, UploadedFile, UploadOptions } from './files/upload-options.ts'
export { DOCUMENTED_LIMITS, type LimitFigures } from './limits/figures.ts'
export {
  type CallerOptions,
  createLimits,
  type InnerRefusal,
  type Limits,
  type LimitsOptions,
  type LimitUsage,
} from './limits/limits.ts'
export { createLimitsRegistry, type LimitsRegistry } from './limits/registry.ts'
export { createMetadataCache, type MetadataCache, partOfCache } from './metadata/cache.ts'
export type { Choice } from './metadata/choices.ts'
export {
  type Column,
  type Navigation,
  propertyOf,
  type RequiredLevel,
} from './metadata/column.ts'
export {
  type ColumnType,
  type DateBehavior,
  isLookup,
  literalTypeOf,
} from './metadata/column-type.ts'
export {
  type ComplexType,
  type CsdlModel,
  type CsdlOperation,
  type EntitySet,
  type EntityType,
  type EnumType,
  entitySetOf,
  lineage,
  type NavigationProperty,
  type Parameter,
  type Property,
  resolveType,
  type Typed,
} from './metadata/csdl/model.ts'
export { pickTables } from './metadata/csdl/pick-tables.ts'
export { readModel } from './metadata/csdl/read-model.ts'
export { tableOfModel } from './metadata/csdl/table-of-model.ts'
export { createDiskCache } from './metadata/disk-cache.ts'
export type { Metadata, ModelOptions } from './metadata/metadata.ts'
export type { Operations } from './metadata/operations.ts'
export type { ManyToMany, OneToMany } from './metadata/relation.ts'
export type { TableDefinition, TableKey, TableSummary } from './metadata/table.ts'
export { nearNames } from './near-names.ts'
export type { Operation, OperationAnswer } from './operation.ts'
export type { Aggregate, AggregateMethod, Apply } from './query/apply.ts'
export { checkQuery } from './query/check-query.ts'
export {
  type Comparison,
  type Filter,
  type FilterValue,
  type TextSearch,
  where,
} from './query/filter.ts'
export type { FilterExpression, Operand } from './query/filter-expression.ts'
export { filterFor, type TableFilters } from './query/filter-for.ts'
export { formatFilter } from './query/format-filter.ts'
export { Literal, type LiteralType, literal } from './query/literal.ts'
export { parseFilter } from './query/parse-filter.ts'
export type { Annotations } from './query/prefer.ts'
export type { Expand, Order, Query } from './query/query.ts'
export type {
  QueryFunctionName,
  QueryFunctionValue,
  QueryFunctionValues,
} from './query/query-functions.ts'
export { RAW_METHODS, type RawRequest, type RawResponse } from './raw-request.ts'
export { collect } from './read/collect.ts'
export type { CountOptions } from './read/count-rows.ts'
export type { Organization, WhoAmI } from './read/identity.ts'
export type { Page, PageOptions, ReadOptions, Row } from './read/pages.ts'
export {
  type Count,
  countOperation,
  pageOperation,
  type RowParts,
  rowOperation,
} from './read/read-operations.ts'
export type { DataverseReader, RowOptions } from './reader.ts'
export { shownText } from './shown-text.ts'
export { type AccessToken, type TokenSource, tokenSource } from './token-source.ts'
export { typesOfDocument } from './types/types-of-document.ts'
export { writeTypes } from './types/write-types.ts'
export { PARTY_ROLES, partiesRelation } from './write/collection-field.ts'
export type { EncodingChoices, InputRow, WritePurpose } from './write/encoding.ts'
export { InvalidRow, type RowProblem } from './write/invalid-row.ts'
export { type KnownTables, knownTables } from './write/known-tables.ts'
export {
  associateOperation,
  columnOperation,
  disassociateOperation,
  type Link,
  type NavigationKind,
  type RowAddress,
  setColumnOperation,
  setPartiesOperation,
} from './write/link-operations.ts'
export { waysOf } from './write/lookup-field.ts'
export type {
  LinkWriteOptions,
  PrepareWrite,
  RowName,
  RowWriteOptions,
} from './write/prepare-write.ts'
export type { Way } from './write/reference.ts'
export {
  bulkTarget,
  type EncodedRow,
  type RowEncoder,
  type RowEncoderOptions,
  rowEncoder,
} from './write/row-encoder.ts'
export {
  type Conditional,
  type Created,
  createOperation,
  deleteOperation,
  type Upserted,
  type UpsertOptions,
  updateOperation,
  upsertOperation,
  type WriteTable,
  type Written,
} from './write/row-operations.ts'
export type { StateChange } from './write/state-row.ts'
export { listChoices } from './write/values/choice.ts'
export { NUMBER_RANGES, type NumberRange } from './write/values/number.ts'
export type { Impersonation, Returning, WriteOptions } from './write/write-options.ts'
