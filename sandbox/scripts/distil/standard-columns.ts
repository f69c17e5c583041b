import type { ColumnFacts } from './shape.ts'

const READ_ONLY = { create: false, update: false } as const

function lookup(name: string, schema: string, label: string, target: string): ColumnFacts {
  return { name, schema, label, type: 'Lookup', targets: [target], ...READ_ONLY }
}

/** Columns that every table of a user's data has. */
export const AUDIT: readonly ColumnFacts[] = [
  lookup('createdby', 'CreatedBy', 'Created By', 'systemuser'),
  { name: 'createdon', schema: 'CreatedOn', label: 'Created On', type: 'DateTime', ...READ_ONLY },
  lookup('createdonbehalfby', 'CreatedOnBehalfBy', 'Created By (Delegate)', 'systemuser'),
  lookup('modifiedby', 'ModifiedBy', 'Modified By', 'systemuser'),
  {
    name: 'modifiedon',
    schema: 'ModifiedOn',
    label: 'Modified On',
    type: 'DateTime',
    ...READ_ONLY,
  },
  lookup('modifiedonbehalfby', 'ModifiedOnBehalfBy', 'Modified By (Delegate)', 'systemuser'),
  {
    name: 'overriddencreatedon',
    schema: 'OverriddenCreatedOn',
    label: 'Record Created On',
    type: 'DateTime',
    format: 'DateOnly',
    update: false,
  },
  {
    name: 'importsequencenumber',
    schema: 'ImportSequenceNumber',
    label: 'Import Sequence Number',
    type: 'Integer',
    update: false,
  },
  {
    name: 'timezoneruleversionnumber',
    schema: 'TimeZoneRuleVersionNumber',
    label: 'Time Zone Rule Version Number',
    type: 'Integer',
  },
  {
    name: 'utcconversiontimezonecode',
    schema: 'UTCConversionTimeZoneCode',
    label: 'UTC Conversion Time Zone Code',
    type: 'Integer',
  },
  {
    name: 'versionnumber',
    schema: 'VersionNumber',
    label: 'Version Number',
    type: 'BigInt',
    ...READ_ONLY,
  },
]

/** Columns of tables whose rows belong to a user or a team. */
export const OWNERSHIP: readonly ColumnFacts[] = [
  {
    name: 'ownerid',
    schema: 'OwnerId',
    label: 'Owner',
    type: 'Owner',
    required: 'SystemRequired',
    targets: ['systemuser', 'team'],
  },
  lookup('owningbusinessunit', 'OwningBusinessUnit', 'Owning Business Unit', 'businessunit'),
  lookup('owningteam', 'OwningTeam', 'Owning Team', 'team'),
  lookup('owninguser', 'OwningUser', 'Owning User', 'systemuser'),
]

/** Columns of an image, as a table has them once it has a primary image. */
export const IMAGE: readonly ColumnFacts[] = [
  { name: 'entityimage', schema: 'EntityImage', label: 'Default Image', type: 'Image' },
  {
    name: 'entityimage_timestamp',
    schema: 'EntityImage_Timestamp',
    type: 'BigInt',
    ...READ_ONLY,
  },
  {
    name: 'entityimage_url',
    schema: 'EntityImage_URL',
    type: 'String',
    max: 200,
    format: 'Url',
    ...READ_ONLY,
  },
  {
    name: 'entityimageid',
    schema: 'EntityImageId',
    label: 'Entity Image Id',
    type: 'Uniqueidentifier',
    ...READ_ONLY,
  },
]

/** Columns that the activity types share, for a table that the model lists in part only. */
export const ACTIVITY: readonly ColumnFacts[] = [
  {
    name: 'activityid',
    schema: 'ActivityId',
    label: 'Task',
    type: 'Uniqueidentifier',
    required: 'SystemRequired',
    update: false,
  },
  {
    name: 'activitytypecode',
    schema: 'ActivityTypeCode',
    label: 'Activity Type',
    type: 'EntityName',
    required: 'SystemRequired',
    ...READ_ONLY,
  },
  {
    name: 'subject',
    schema: 'Subject',
    label: 'Subject',
    type: 'String',
    max: 200,
    required: 'ApplicationRequired',
  },
  { name: 'category', schema: 'Category', label: 'Category', type: 'String', max: 250 },
  { name: 'subcategory', schema: 'Subcategory', label: 'Sub-Category', type: 'String', max: 250 },
  { name: 'scheduledstart', schema: 'ScheduledStart', label: 'Start Date', type: 'DateTime' },
  { name: 'scheduledend', schema: 'ScheduledEnd', label: 'Due Date', type: 'DateTime' },
  { name: 'actualstart', schema: 'ActualStart', label: 'Actual Start', type: 'DateTime' },
  { name: 'actualend', schema: 'ActualEnd', label: 'Actual End', type: 'DateTime' },
  {
    name: 'actualdurationminutes',
    schema: 'ActualDurationMinutes',
    label: 'Duration',
    type: 'Integer',
    format: 'Duration',
    min: 0,
    top: 2147483647,
  },
  {
    name: 'scheduleddurationminutes',
    schema: 'ScheduledDurationMinutes',
    label: 'Scheduled Duration',
    type: 'Integer',
    format: 'Duration',
    min: 0,
    top: 2147483647,
    ...READ_ONLY,
  },
  {
    name: 'prioritycode',
    schema: 'PriorityCode',
    label: 'Priority',
    type: 'Picklist',
    choices: [
      [0, 'Low'],
      [1, 'Normal'],
      [2, 'High'],
    ],
    initial: 1,
  },
  { name: 'isbilled', schema: 'IsBilled', label: 'Is Billed', type: 'Boolean' },
  {
    name: 'isregularactivity',
    schema: 'IsRegularActivity',
    label: 'Is Regular Activity',
    type: 'Boolean',
    ...READ_ONLY,
  },
  {
    name: 'isworkflowcreated',
    schema: 'IsWorkflowCreated',
    label: 'Is Workflow Created',
    type: 'Boolean',
  },
  { name: 'sortdate', schema: 'SortDate', label: 'Sort Date', type: 'DateTime' },
]
