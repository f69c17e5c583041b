/** What is read of every table. */
export const SUMMARY_PROPERTIES: readonly string[] = [
  'LogicalName',
  'SchemaName',
  'EntitySetName',
  'DisplayName',
  'DisplayCollectionName',
  'PrimaryIdAttribute',
  'PrimaryNameAttribute',
  'IsIntersect',
  'IsActivity',
  'ChangeTrackingEnabled',
  'IsOptimisticConcurrencyEnabled',
]

/** What is read of every column. */
export const ATTRIBUTE_PROPERTIES: readonly string[] = [
  'LogicalName',
  'SchemaName',
  'AttributeType',
  'AttributeTypeName',
  'DisplayName',
  'RequiredLevel',
  'IsValidForRead',
  'IsValidForCreate',
  'IsValidForUpdate',
  'IsValidForForm',
  'IsValidODataAttribute',
  'AttributeOf',
]

/** What is read of the columns whose derived types tell it. */
export const DETAIL_PROPERTIES: readonly string[] = [
  'MaxLength',
  'FormatName',
  'Format',
  'MinValue',
  'MaxValue',
  'Precision',
  'DateTimeBehavior',
  'Targets',
  'OptionSet',
  'MaxSizeInKB',
  'IsPrimaryImage',
  'DefaultFormValue',
]
