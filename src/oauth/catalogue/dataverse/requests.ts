import type { CatalogueEntry } from '../entry.ts'
import { several } from '../several.ts'

const refused = {
  who: 'you',
  retry: { when: 'never' },
  affects: 'configuration',
} as const

/** Requests that Dataverse understood and refused for what they ask or bring. */
export const requestEntries: readonly CatalogueEntry[] = [
  ...several(
    [
      ['0x80040217', 'ObjectDoesNotExist'],
      ['0x80060891', 'RecordNotFoundByEntityKey'],
    ],
    {
      what: 'No row has this id or key.',
      why: 'It has been deleted, belongs to another environment, or the user may not see it.',
      remedy:
        'Check the id or key, and that the Credential is of the environment that holds the row.',
      ...refused,
    },
  ),
  {
    code: '0x80060890',
    name: 'EntityKeyNotDefined',
    what: 'The table has no alternate key of these columns.',
    why: 'A row is addressed by its id or by the columns of an active alternate key, all of them.',
    remedy: 'Use the id, or define the key in the table and wait until its index is active.',
    ...refused,
  },
  ...several(
    [
      ['0x8006088a', 'CrmHttpError'],
      ['0x80041102', 'QueryBuilderNoEntity'],
    ],
    {
      what: 'The environment has no such table or path.',
      why: 'Addresses take the entity set name of a table, such as "accounts", and it is case-sensitive; the table may also be missing in this environment.',
      remedy: 'Choose the table from the list that Fairlead offers, or correct the path.',
      ...refused,
    },
  ),
  {
    code: '0x80041103',
    name: 'QueryBuilderNoAttribute',
    what: 'The table has no such column.',
    why: 'Queries take the logical name of a column, in lower case; a lookup is written _name_value.',
    remedy: 'Choose the columns from the list that Fairlead offers.',
    ...refused,
  },
  {
    code: '0x80060888',
    what: 'Dataverse could not read the address or the query.',
    why: 'A filter, a column name or a literal is not written as OData demands.',
    remedy:
      'Check quotes (a quote inside a text is doubled), names and types in the query; the message of Dataverse names the place.',
    ...refused,
  },
  {
    code: '0x80048d19',
    what: 'Dataverse could not read the row that was sent.',
    why: 'It holds an unknown column, a value of the wrong type, or a lookup that is not bound with @odata.bind.',
    remedy: 'Compare the row with the fields that Fairlead lists for the table.',
    ...refused,
  },
  ...several(
    [
      ['0x80040237', 'DuplicateRecord'],
      ['0x80060892', 'DuplicateRecordEntityKey'],
      ['0x80040333', 'DuplicateRecordsFound'],
    ],
    {
      what: 'A row with the same key exists already.',
      why: 'The id, an alternate key or a duplicate detection rule matched another row.',
      remedy: 'Use Upsert by this key, or change the value.',
      ...refused,
    },
  ),
  {
    code: '0x80060882',
    name: 'ConcurrencyVersionMismatch',
    what: 'The row has been changed by somebody else in the meantime.',
    why: 'The version that was sent with If-Match is no longer the newest.',
    remedy: 'Read the row again and repeat the change.',
    ...refused,
  },
  {
    code: '0x80040265',
    name: 'IsvAborted',
    what: 'A plug-in or business rule of the environment refused the operation.',
    why: "The organization's own logic decided so; its message says why.",
    remedy: 'Follow the message, or ask the administrator of the environment.',
    ...refused,
    who: 'crm-administrator',
  },
  ...several(
    [
      ['0x80040203', 'InvalidArgument'],
      ['0x80040200', 'RequiredFieldMissing'],
      ['0x80044331', 'StringLengthTooLong'],
      ['0x8004431a', 'PicklistValueOutOfRange'],
      ['0x8004432f', 'IntegerValueOutOfRange'],
      ['0x80044330', 'DecimalValueOutOfRange'],
    ],
    {
      what: 'A value does not fit its column, or a required one is missing.',
      why: 'The column has a type, a length or range, or is required by the organization.',
      remedy: 'Correct the value; the message of Dataverse names the column.',
      ...refused,
    },
  ),
  ...several(
    [
      ['0x80040227', 'CannotDeleteDueToAssociation'],
      ['0x8004023b', 'InvalidOperation'],
      ['0x80040315', 'NotSupported'],
    ],
    {
      what: 'The table does not allow this operation on this row.',
      why: 'Other rows depend on it, or the operation does not exist for this table.',
      remedy: 'Remove what depends on the row first, or use another operation.',
      ...refused,
    },
  ),
  ...several(
    [
      ['0x8004418a', 'RequestLengthTooLarge'],
      ['0x80044a02', 'unManagedidsattachmentinvalidfilesize'],
    ],
    {
      what: 'What was sent is too big.',
      why: 'Requests and attachments have a limit, which an administrator can raise within bounds.',
      remedy: 'Send less at once, or raise the limit in the system settings of the environment.',
      ...refused,
    },
  ),
  {
    code: '0x8004e023',
    name: 'AggregateQueryRecordLimitExceeded',
    what: 'The aggregation covers more than 50,000 rows.',
    why: 'Dataverse aggregates at most 50,000 rows in one query.',
    remedy: 'Filter the rows, for instance by date, and add the results up.',
    ...refused,
  },
  ...several(
    [
      ['0x80072491', 'ChangeTrackingNotEnabledForEntity'],
      ['0x80072492', 'ChangeTrackingNotEnabledForRelatedEntities'],
    ],
    {
      what: 'Change tracking is off for this table.',
      why: 'Dataverse reports changes and deletions only of tables for which it is switched on.',
      remedy:
        'Let an administrator switch on "Track changes" in the properties of the table, at make.powerapps.com.',
      ...refused,
      who: 'crm-administrator',
    },
  ),
  {
    code: '0x80044352',
    name: 'ExpiredVersionStamp',
    what: 'The last synchronization is too long ago to continue from.',
    why: 'Dataverse keeps the history of changes for a limited time, seven days unless it was set otherwise.',
    remedy: 'Start with a full synchronization.',
    ...refused,
  },
]
