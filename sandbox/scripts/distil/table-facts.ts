import type { ColumnFacts, TableFacts } from './shape.ts'

type Frame = Omit<TableFacts, 'columns'>

/** What the sources leave out of a table's definition: codes, set names, keys, ownership. */
export const FRAMES: readonly Frame[] = [
  {
    name: 'account',
    schema: 'Account',
    set: 'accounts',
    label: 'Account',
    plural: 'Accounts',
    code: 1,
    id: 'accountid',
    title: 'name',
    owner: 'UserOwned',
    tracked: true,
    keys: [
      {
        name: 'accountnumber',
        schema: 'AccountNumber',
        label: 'Account Number',
        columns: ['accountnumber'],
      },
    ],
  },
  frame('contact', 'Contact', 'contacts', 2, 'fullname', { tracked: true }),
  frame('opportunity', 'Opportunity', 'opportunities', 3, 'name', { tracked: true }),
  frame('lead', 'Lead', 'leads', 4, 'fullname', { tracked: true }),
  frame('annotation', 'Annotation', 'annotations', 5, 'subject', {
    label: 'Note',
    plural: 'Notes',
  }),
  frame('systemuser', 'SystemUser', 'systemusers', 8, 'fullname', {
    label: 'User',
    plural: 'Users',
    owner: 'BusinessOwned',
    base: 'principal',
  }),
  frame('team', 'Team', 'teams', 9, 'name', { owner: 'BusinessOwned', base: 'principal' }),
  frame('businessunit', 'BusinessUnit', 'businessunits', 10, 'name', {
    label: 'Business Unit',
    plural: 'Business Units',
    owner: 'BusinessOwned',
  }),
  frame(
    'transactioncurrency',
    'TransactionCurrency',
    'transactioncurrencies',
    9105,
    'currencyname',
    {
      label: 'Currency',
      plural: 'Currencies',
      owner: 'OrganizationOwned',
    },
  ),
  frame('task', 'Task', 'tasks', 4212, 'subject', {
    id: 'activityid',
    base: 'activitypointer',
    activity: true,
    tracked: true,
  }),
  frame('organization', 'Organization', 'organizations', 1019, 'name', { owner: 'None' }),
  frame('role', 'Role', 'roles', 1036, 'name', {
    label: 'Security Role',
    plural: 'Security Roles',
    owner: 'BusinessOwned',
  }),
  frame('sdkmessage', 'SdkMessage', 'sdkmessages', 4606, 'name', {
    label: 'Sdk Message',
    plural: 'Sdk Messages',
    owner: 'OrganizationOwned',
  }),
  frame('sdkmessagefilter', 'SdkMessageFilter', 'sdkmessagefilters', 4607, 'name', {
    label: 'Sdk Message Filter',
    plural: 'Sdk Message Filters',
    owner: 'OrganizationOwned',
  }),
  frame('savedquery', 'SavedQuery', 'savedqueries', 1039, 'name', {
    label: 'View',
    plural: 'Views',
    owner: 'OrganizationOwned',
  }),
  frame('userquery', 'UserQuery', 'userqueries', 4230, 'name', {
    label: 'Saved View',
    plural: 'Saved Views',
  }),
]

/** Tables that exist in every organization, named by lookups, whose rows the sandbox has not. */
export const UNSERVED: Readonly<Record<string, string>> = {
  calendar: 'calendars',
  campaign: 'campaigns',
  equipment: 'equipments',
  incident: 'incidents',
  pricelevel: 'pricelevels',
  product: 'products',
  queue: 'queues',
  quote: 'quotes',
  salesorder: 'salesorders',
  service: 'services',
  sla: 'slas',
  territory: 'territories',
}

/** Activities beside the task, and what hangs on them: their columns are those of a real organization. */
export const ACTIVITIES: readonly Frame[] = [
  frame('activitypointer', 'ActivityPointer', 'activitypointers', 4200, 'subject', {
    label: 'Activity',
    plural: 'Activities',
    id: 'activityid',
  }),
  activityFrame('appointment', 'Appointment', 'appointments', 4201),
  activityFrame('email', 'Email', 'emails', 4202),
  activityFrame('phonecall', 'PhoneCall', 'phonecalls', 4210),
  frame('activityparty', 'ActivityParty', 'activityparties', 135, 'unresolvedpartyname', {
    label: 'Activity Party',
    plural: 'Activity Parties',
    owner: 'None',
  }),
]

/** The many-to-many relationships between served tables, and the type codes of the tables between. */
export const MANY_TO_MANY: Readonly<Record<string, number>> = {
  teammembership_association: 23,
  systemuserroles_association: 15,
  teamroles_association: 40,
  accountleads_association: 16,
  contactleads_association: 22,
}

/** What views of the organization and of a user have in common. */
const QUERY: readonly ColumnFacts[] = [
  {
    name: 'name',
    schema: 'Name',
    label: 'Name',
    type: 'String',
    max: 200,
    required: 'SystemRequired',
  },
  { name: 'fetchxml', schema: 'FetchXml', label: 'Fetch XML', type: 'Memo', max: 1_073_741_823 },
  {
    name: 'returnedtypecode',
    schema: 'ReturnedTypeCode',
    label: 'Entity Name',
    type: 'EntityName',
    required: 'SystemRequired',
  },
  { name: 'querytype', schema: 'QueryType', label: 'Query Type', type: 'Integer' },
]

/** Tables small enough to be written down: only the columns that clients ask for. */
export const SMALL: Readonly<Record<string, readonly ColumnFacts[]>> = {
  organization: [
    id('organizationid', 'OrganizationId', 'Organization'),
    words('name', 'Name', 'Organization Name', 160),
    { name: 'languagecode', schema: 'LanguageCode', label: 'Language', type: 'Integer' },
    lookup('basecurrencyid', 'BaseCurrencyId', 'Currency', 'transactioncurrency'),
    number(
      'expirechangetrackingindays',
      'ExpireChangeTrackingInDays',
      'Days to Expire Change Tracking',
    ),
    number(
      'expiresubscriptionsindays',
      'ExpireSubscriptionsInDays',
      'Days to Expire Subscriptions',
    ),
    number('maxuploadfilesize', 'MaxUploadFileSize', 'Max Upload File Size'),
    number('fiscalperiodtype', 'FiscalPeriodType', 'Fiscal Period Type'),
  ],
  role: [
    id('roleid', 'RoleId', 'Role'),
    words('name', 'Name', 'Name', 100),
    lookup('businessunitid', 'BusinessUnitId', 'Business Unit', 'businessunit'),
  ],
  savedquery: [id('savedqueryid', 'SavedQueryId', 'View'), ...QUERY],
  userquery: [id('userqueryid', 'UserQueryId', 'Saved View'), ...QUERY],
  sdkmessage: [id('sdkmessageid', 'SdkMessageId', 'Message'), words('name', 'Name', 'Name', 256)],
  sdkmessagefilter: [
    id('sdkmessagefilterid', 'SdkMessageFilterId', 'Message Filter'),
    words('name', 'Name', 'Name', 256),
    lookup('sdkmessageid', 'SdkMessageId', 'SDK Message', 'sdkmessage'),
    {
      name: 'primaryobjecttypecode',
      schema: 'PrimaryObjectTypeCode',
      label: 'Primary Object Type',
      type: 'EntityName',
      create: false,
      update: false,
    },
  ],
}

function frame(
  name: string,
  schema: string,
  set: string,
  code: number,
  title: string,
  more: Partial<Frame>,
): Frame {
  const label = schema
  const plural = set.charAt(0).toUpperCase() + set.slice(1)
  return {
    name,
    schema,
    set,
    label,
    plural,
    code,
    id: `${name}id`,
    title,
    owner: 'UserOwned',
    ...more,
  }
}

function activityFrame(name: string, schema: string, set: string, code: number): Frame {
  return frame(name, schema, set, code, 'subject', {
    id: 'activityid',
    base: 'activitypointer',
    activity: true,
    tracked: true,
  })
}

function id(name: string, schema: string, label: string): ColumnFacts {
  return {
    name,
    schema,
    label,
    type: 'Uniqueidentifier',
    required: 'SystemRequired',
    update: false,
  }
}

function words(name: string, schema: string, label: string, max: number): ColumnFacts {
  return { name, schema, label, type: 'String', max, create: false, update: false }
}

function number(name: string, schema: string, label: string): ColumnFacts {
  return { name, schema, label, type: 'Integer', create: false, update: false }
}

function lookup(name: string, schema: string, label: string, target: string): ColumnFacts {
  return { name, schema, label, type: 'Lookup', targets: [target], create: false, update: false }
}
