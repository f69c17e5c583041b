import type { ColumnFacts } from './shape.ts'
import { IMAGE } from './standard-columns.ts'

const COMPUTED = new Set([
  'createdon',
  'exchangerate',
  'fullname',
  'yomifullname',
  'merged',
  'masterid',
  'onholdtime',
  'slainvokedid',
  'timespentbymeonemailandmeetings',
  'createdbyexternalparty',
  'modifiedbyexternalparty',
  'organizationid',
  'createdby',
  'modifiedby',
  'modifiedon',
  'createdonbehalfby',
  'modifiedonbehalfby',
  'versionnumber',
  'isdocument',
  'filesize',
  'islicensed',
  'calendarid',
  'isemailaddressapprovedbyo365admin',
  'activitytypecode',
  'owningbusinessunit',
  'owningteam',
  'owninguser',
])
const DATE_ONLY = new Set([
  'contact.birthdate',
  'contact.anniversary',
  'opportunity.actualclosedate',
  'opportunity.estimatedclosedate',
  'opportunity.finaldecisiondate',
])
/** Columns that the model calls plain ids, which are lookups to the service. */
const LOOKUPS: Readonly<Record<string, string>> = {
  'contact.accountid': 'account',
  'contact.parentcontactid': 'contact',
  'opportunity.accountid': 'account',
  'opportunity.contactid': 'contact',
  'account.createdbyexternalparty': 'externalparty',
  'account.modifiedbyexternalparty': 'externalparty',
  'contact.createdbyexternalparty': 'externalparty',
  'contact.modifiedbyexternalparty': 'externalparty',
  'systemuser.calendarid': 'calendar',
  'systemuser.defaultmailbox': 'mailbox',
  'systemuser.mobileofflineprofileid': 'mobileofflineprofile',
  'businessunit.calendarid': 'calendar',
  'team.teamtemplateid': 'teamtemplate',
}
const MEMOS = /^(description|address\d_composite|notetext|documentbody|childrensnames)$/
const CUSTOM_OPTION = 100_000_000

/** Mends one column where the sources are silent or are one organization's customization. */
export function correct(table: string, column: ColumnFacts): ColumnFacts {
  const mended: ColumnFacts = { ...column }
  if (column.name === 'organizationid') {
    mended.type = 'Uniqueidentifier'
    delete mended.targets
  }
  const target = LOOKUPS[`${table}.${column.name}`]
  if (target)
    Object.assign(mended, { type: 'Lookup', targets: [target], create: false, update: false })
  if (DATE_ONLY.has(`${table}.${column.name}`)) mended.dateOnly = true
  if (MEMOS.test(column.name) && mended.type === 'String') mended.type = 'Memo'
  if (COMPUTED.has(column.name) || /^aging\d+$|_composite$/.test(column.name)) {
    mended.create = false
    mended.update = false
  }
  if (['State', 'Status'].includes(mended.type)) {
    mended.choices = mended.choices?.filter(([value]) => Number(value) < CUSTOM_OPTION) ?? []
    mended.initial = Number(mended.choices[0]?.[0] ?? 0)
  }
  if (mended.type === 'Boolean' && !mended.choices) {
    mended.choices = [
      [0, 'No'],
      [1, 'Yes'],
    ]
  }
  if (mended.type === 'Money') mended.precision ??= 2
  if (mended.type === 'String') mended.max ??= 100
  if (mended.type === 'Memo') mended.max ??= 2000
  return mended
}

const ADDRESS_CHOICES: Readonly<Record<string, readonly string[]>> = {
  addresstypecode: ['Bill To', 'Ship To', 'Primary', 'Other'],
  freighttermscode: ['FOB', 'No Charge'],
  shippingmethodcode: ['Airborne', 'DHL', 'FedEx', 'UPS', 'Postal Mail', 'Full Load', 'Will Call'],
}

/** Derives the numbered address columns of a customer table from those of the exported lead. */
export function addressColumns(lead: readonly ColumnFacts[], addresses: number): ColumnFacts[] {
  const first = lead.filter((column) => column.name.startsWith('address1_'))
  const extra: ColumnFacts[] = [
    {
      name: 'address1_freighttermscode',
      schema: 'Address1_FreightTermsCode',
      label: 'Address 1: Freight Terms',
      type: 'Picklist',
    },
    {
      name: 'address1_primarycontactname',
      schema: 'Address1_PrimaryContactName',
      label: 'Address 1: Primary Contact Name',
      type: 'String',
      max: 100,
    },
  ]
  return Array.from({ length: addresses }, (_, index) =>
    [...first, ...extra].map((column) => renumber(column, index + 1)),
  ).flat()
}

function renumber(column: ColumnFacts, number: number): ColumnFacts {
  const renumbered: ColumnFacts = {
    ...column,
    name: column.name.replace('address1_', `address${number}_`),
    schema: column.schema.replace('Address1_', `Address${number}_`),
  }
  if (column.label) renumbered.label = column.label.replace('Address 1', `Address ${number}`)
  const labels = ADDRESS_CHOICES[column.name.slice('address1_'.length)]
  if (labels && column.type === 'Picklist') {
    renumbered.choices = labels.map((label, index) => [index + 1, label])
  }
  return renumbered
}

/** Puts columns of several sources together, the first mention of a name wins. */
export function merge(...sources: readonly (readonly ColumnFacts[])[]): ColumnFacts[] {
  const columns = new Map<string, ColumnFacts>()
  for (const column of sources.flat()) {
    if (column.name === 'addressid') continue
    if (!columns.has(column.name)) columns.set(column.name, column)
  }
  if (columns.has('entityimageid')) {
    for (const column of IMAGE) columns.set(column.name, column)
  }
  return [...columns.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
