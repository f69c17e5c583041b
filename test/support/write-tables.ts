import type { Column, TableDefinition } from '../../src/dataverse/index.ts'

const column = (logicalName: string, type: Column['type'], more: Partial<Column> = {}): Column => ({
  logicalName,
  schemaName: logicalName,
  type,
  required: 'none',
  readable: true,
  creatable: true,
  updatable: true,
  ...more,
})

const table = (
  logicalName: string,
  entitySetName: string,
  more: Partial<TableDefinition>,
): TableDefinition => ({
  logicalName,
  schemaName: logicalName,
  entitySetName,
  primaryIdColumn: `${logicalName}id`,
  intersect: false,
  isActivity: false,
  changeTracking: false,
  optimisticConcurrency: true,
  columns: [],
  keys: [],
  oneToMany: [],
  manyToMany: [],
  ...more,
})

const readOnly = { creatable: false, updatable: false }
const id = { updatable: false }

const accountColumns = [
  column('accountid', 'uniqueidentifier', id),
  column('name', 'string', { maxLength: 20 }),
  column('description', 'memo', { maxLength: 100 }),
  column('accountnumber', 'string', { maxLength: 20 }),
  column('new_code', 'integer'),
  column('numberofemployees', 'integer', { minValue: 0, maxValue: 1_000_000 }),
  column('new_big', 'bigint'),
  column('revenue', 'money', { minValue: 0, maxValue: 100_000_000_000_000, precision: 2 }),
  column('new_ratio', 'decimal', { minValue: -100, maxValue: 100, precision: 2 }),
  column('new_latitude', 'double', { minValue: -90, maxValue: 90 }),
  column('donotemail', 'boolean', {
    choices: [
      { value: 0, label: 'Allow' },
      { value: 1, label: 'Do Not Allow' },
    ],
  }),
  column('industrycode', 'choice', {
    choices: [
      { value: 1, label: 'Accounting', labels: { 1033: 'Accounting', 1031: 'Buchhaltung' } },
      { value: 2, label: 'Agriculture' },
      { value: 3, label: 'Broadcasting' },
    ],
  }),
  column('new_tags', 'choices', {
    choices: [
      { value: 10, label: 'Red' },
      { value: 11, label: 'Green, light' },
      { value: 12, label: 'Blue' },
    ],
  }),
  column('new_founded', 'datetime', { dateBehavior: 'dateOnly' }),
  column('new_opens', 'datetime', { dateBehavior: 'timeZoneIndependent' }),
  column('new_called', 'datetime', { dateBehavior: 'userLocal' }),
  column('createdon', 'datetime', readOnly),
  column('overriddencreatedon', 'datetime', id),
  column('primarycontactid', 'lookup', {
    targets: ['contact'],
    navigation: [{ property: 'primarycontactid', target: 'contact' }],
  }),
  column('primarycontactidname', 'string', { ...readOnly, attributeOf: 'primarycontactid' }),
  column('new_customerid', 'customer', {
    targets: ['account', 'contact'],
    navigation: [
      { property: 'new_CustomerId_account', target: 'account' },
      { property: 'new_CustomerId_contact', target: 'contact' },
    ],
  }),
  column('ownerid', 'owner', {
    targets: ['systemuser', 'team'],
    navigation: [{ property: 'ownerid', target: 'owner' }],
  }),
  column('statecode', 'state', {
    choices: [
      { value: 0, label: 'Active', defaultStatus: 1 },
      { value: 1, label: 'Inactive', defaultStatus: 2 },
    ],
  }),
  column('statuscode', 'status', {
    choices: [
      { value: 1, label: 'Active', state: 0 },
      { value: 2, label: 'Inactive', state: 1 },
    ],
  }),
  column('entityimage', 'image', { maxSizeKb: 10 }),
  column('new_contract', 'file', { ...readOnly, maxSizeKb: 32 }),
]

/** An account with a column of each type, made for what writing must get right. */
export const accountTable = table('account', 'accounts', {
  columns: accountColumns,
  keys: [
    { logicalName: 'new_number', columns: ['accountnumber'], active: true },
    { logicalName: 'new_pair', columns: ['new_code', 'primarycontactid'], active: true },
  ],
  oneToMany: [
    {
      schemaName: 'contact_customer_accounts',
      property: 'contact_customer_accounts',
      target: 'contact',
      column: 'parentcustomerid',
    },
  ],
})

export const contactTable = table('contact', 'contacts', {
  columns: [
    column('contactid', 'uniqueidentifier', id),
    column('firstname', 'string', { maxLength: 50 }),
    column('lastname', 'string', { maxLength: 10 }),
    column('new_code', 'string', { maxLength: 10 }),
  ],
  keys: [{ logicalName: 'new_code', columns: ['new_code'], active: true }],
})

export const emailTable = table('email', 'emails', {
  primaryIdColumn: 'activityid',
  isActivity: true,
  columns: [
    column('activityid', 'uniqueidentifier', id),
    column('subject', 'string'),
    column('to', 'partylist'),
    column('from', 'partylist'),
    column('regardingobjectid', 'lookup', {
      targets: ['account', 'contact'],
      navigation: [
        { property: 'regardingobjectid_account_email', target: 'account' },
        { property: 'regardingobjectid_contact_email', target: 'contact' },
      ],
    }),
  ],
  oneToMany: [
    {
      schemaName: 'email_activity_parties',
      property: 'email_activity_parties',
      target: 'activityparty',
      column: 'activityid',
    },
  ],
})

export const partyTable = table('activityparty', 'activityparties', {
  columns: [
    column('addressused', 'string'),
    column('participationtypemask', 'choice'),
    column('partyid', 'lookup', {
      targets: ['contact', 'systemuser'],
      navigation: [
        { property: 'partyid_contact', target: 'contact' },
        { property: 'partyid_systemuser', target: 'systemuser' },
      ],
    }),
  ],
})

export const userTable = table('systemuser', 'systemusers', {})
export const teamTable = table('team', 'teams', {})
