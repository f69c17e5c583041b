import type { Reply, SeenRequest } from './dataverse-server.ts'

const label = (text: string) => ({ UserLocalizedLabel: { Label: text, LanguageCode: 1033 } })

const column = (logicalName: string, type: string, more: Record<string, unknown> = {}) => ({
  LogicalName: logicalName,
  SchemaName: logicalName,
  AttributeType: type,
  AttributeTypeName: { Value: `${type}Type` },
  DisplayName: label(`The ${logicalName}`),
  RequiredLevel: { Value: 'None' },
  IsValidForRead: true,
  IsValidForCreate: true,
  IsValidForUpdate: true,
  AttributeOf: null,
  ...more,
})

const navigation = (attribute: string, target: string, property: string) => ({
  ReferencingAttribute: attribute,
  ReferencedEntity: target,
  ReferencingEntityNavigationPropertyName: property,
})

const joined = (name: string, [one, two]: readonly [string, string], intersect: string) => ({
  SchemaName: name,
  IntersectEntityName: intersect,
  Entity1LogicalName: one,
  Entity1NavigationPropertyName: `${name}_${one}1`,
  Entity2LogicalName: two,
  Entity2NavigationPropertyName: `${name}_${two}2`,
})

const option = (value: number, text: string, more: Record<string, unknown> = {}) => ({
  Value: value,
  Label: label(text),
  ...more,
})

const translated = (english: string, german: string) => ({
  Label: {
    LocalizedLabels: [
      { Label: english, LanguageCode: 1033 },
      { Label: german, LanguageCode: 1031 },
    ],
    UserLocalizedLabel: { Label: english, LanguageCode: 1033 },
  },
})

const account = {
  LogicalName: 'account',
  SchemaName: 'Account',
  EntitySetName: 'accounts',
  DisplayName: label('Account'),
  DisplayCollectionName: { LocalizedLabels: [{ Label: 'Accounts' }], UserLocalizedLabel: null },
  PrimaryIdAttribute: 'accountid',
  PrimaryNameAttribute: 'name',
  IsIntersect: false,
  IsActivity: false,
  ChangeTrackingEnabled: true,
  IsOptimisticConcurrencyEnabled: true,
}

const definition = {
  ...account,
  Attributes: [
    column('accountid', 'Uniqueidentifier'),
    column('name', 'String', { RequiredLevel: { Value: 'ApplicationRequired' } }),
    column('revenue', 'Money'),
    column('numberofemployees', 'Integer'),
    column('donotemail', 'Boolean'),
    column('industrycode', 'Picklist'),
    column('createdon', 'DateTime', { IsValidForUpdate: false }),
    column('new_founded', 'DateTime'),
    column('primarycontactid', 'Lookup'),
    column('primarycontactidname', 'String', { AttributeOf: 'primarycontactid' }),
    column('ownerid', 'Owner'),
    column('new_customerid', 'Customer'),
    column('statecode', 'State', { IsValidForCreate: false }),
    column('statuscode', 'Status'),
    column('industrycodename', 'Virtual', {
      AttributeOf: 'industrycode',
      IsValidODataAttribute: false,
    }),
    column('new_contract', 'Virtual', { AttributeTypeName: { Value: 'FileType' } }),
    column('new_tags', 'Virtual', { AttributeTypeName: { Value: 'MultiSelectPicklistType' } }),
    column('entityimage_url', 'String', {
      AttributeOf: 'entityimageid',
      IsValidODataAttribute: true,
      IsValidForCreate: false,
      IsValidForUpdate: false,
      IsValidForForm: false,
    }),
    column('new_notes', 'Virtual', { AttributeTypeName: { Value: 'VirtualType' } }),
  ],
  Keys: [
    {
      LogicalName: 'accountnumber',
      KeyAttributes: ['accountnumber'],
      EntityKeyIndexStatus: 'Active',
    },
  ],
  ManyToOneRelationships: [
    navigation('primarycontactid', 'contact', 'primarycontactid'),
    navigation('new_customerid', 'account', 'new_CustomerId_account'),
    navigation('new_customerid', 'contact', 'new_CustomerId_contact'),
    navigation('ownerid', 'owner', 'ownerid'),
  ],
  OneToManyRelationships: [
    {
      SchemaName: 'contact_customer_accounts',
      ReferencingEntity: 'contact',
      ReferencingAttribute: 'parentcustomerid',
      ReferencedEntityNavigationPropertyName: 'contact_customer_accounts',
    },
    { SchemaName: 'account_hidden', ReferencingEntity: 'contact', ReferencingAttribute: 'x' },
  ],
  ManyToManyRelationships: [
    joined('accountleads_association', ['lead', 'account'], 'accountleads'),
    joined('new_Account_Account', ['account', 'account'], 'new_account_account'),
  ],
}

const details: Readonly<Record<string, readonly unknown[]>> = {
  StringAttributeMetadata: [{ LogicalName: 'name', MaxLength: 160, FormatName: { Value: 'Text' } }],
  LookupAttributeMetadata: [
    { LogicalName: 'primarycontactid', Targets: ['contact'] },
    { LogicalName: 'new_customerid', Targets: ['account', 'contact'] },
    { LogicalName: 'ownerid', Targets: ['systemuser', 'team'] },
  ],
  DateTimeAttributeMetadata: [
    { LogicalName: 'createdon', DateTimeBehavior: { Value: 'UserLocal' } },
    {
      LogicalName: 'new_founded',
      DateTimeBehavior: { Value: 'DateOnly' },
      Format: 'DateOnly',
    },
  ],
  MoneyAttributeMetadata: [{ LogicalName: 'revenue', MinValue: -100, MaxValue: 1e9, Precision: 2 }],
  IntegerAttributeMetadata: [
    { LogicalName: 'numberofemployees', MinValue: 0, MaxValue: 1e6, Format: 'None' },
  ],
  PicklistAttributeMetadata: [
    {
      LogicalName: 'industrycode',
      DefaultFormValue: 1,
      OptionSet: null,
      GlobalOptionSet: { Options: [option(1, 'Accounting'), option(2, 'Agriculture')] },
    },
  ],
  MultiSelectPicklistAttributeMetadata: [
    {
      LogicalName: 'new_tags',
      OptionSet: { Options: [option(7, 'Big', translated('Big', 'Groß'))] },
    },
  ],
  BooleanAttributeMetadata: [
    {
      LogicalName: 'donotemail',
      OptionSet: { FalseOption: option(0, 'Allow'), TrueOption: option(1, 'Do Not Allow') },
    },
  ],
  StateAttributeMetadata: [
    {
      LogicalName: 'statecode',
      OptionSet: { Options: [option(0, 'Active', { DefaultStatus: 1 })] },
    },
  ],
  StatusAttributeMetadata: [
    { LogicalName: 'statuscode', OptionSet: { Options: [option(1, 'Active', { State: 0 })] } },
  ],
  FileAttributeMetadata: [{ LogicalName: 'new_contract', MaxSizeInKB: 32768 }],
}

const others = ['contact', 'lead', 'accountleads', 'activityparty'].map((name) => ({
  ...account,
  LogicalName: name,
  DisplayName: label(`The ${name}`),
  DisplayCollectionName: label(`The ${name}s`),
  EntitySetName: name === 'activityparty' ? null : `${name}s`,
  IsIntersect: name === 'accountleads',
}))

/** Answers questions for the definition of a small account table; nothing for other requests. */
export function answerDefinitions({ path }: SeenRequest): Reply | undefined {
  const address = decodeURIComponent(path.split('?')[0] ?? '').replace('/api/data/v9.2/', '')
  if (address === 'EntityDefinitions') return { body: { value: [account, ...others] } }
  const [, table, rest] = /^EntityDefinitions\(LogicalName='(\w+)'\)(.*)$/.exec(address) ?? []
  if (table === undefined) return undefined
  if (table !== 'account')
    return { status: 404, body: { error: { code: '0x80060891', message: 'none' } } }
  if (rest === '') return { body: definition }
  const cast = /Microsoft\.Dynamics\.CRM\.(\w+)$/.exec(rest ?? '')?.[1] ?? ''
  return { body: { value: details[cast] ?? [] } }
}
