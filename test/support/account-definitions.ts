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

const account = {
  LogicalName: 'account',
  SchemaName: 'Account',
  EntitySetName: 'accounts',
  DisplayName: label('Account'),
  DisplayCollectionName: { LocalizedLabels: [{ Label: 'Accounts' }], UserLocalizedLabel: null },
  PrimaryIdAttribute: 'accountid',
  PrimaryNameAttribute: 'name',
  IsIntersect: false,
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
    column('new_tags', 'Virtual', { AttributeTypeName: { Value: 'MultiSelectPicklistType' } }),
    column('entityimage_url', 'Virtual', { AttributeTypeName: { Value: 'VirtualType' } }),
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
}

const details: Readonly<Record<string, readonly unknown[]>> = {
  StringAttributeMetadata: [{ LogicalName: 'name', MaxLength: 160 }],
  LookupAttributeMetadata: [
    { LogicalName: 'primarycontactid', Targets: ['contact'] },
    { LogicalName: 'new_customerid', Targets: ['account', 'contact'] },
    { LogicalName: 'ownerid', Targets: ['systemuser', 'team'] },
  ],
  DateTimeAttributeMetadata: [
    { LogicalName: 'createdon', DateTimeBehavior: { Value: 'UserLocal' } },
    { LogicalName: 'new_founded', DateTimeBehavior: { Value: 'DateOnly' } },
  ],
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
  if (rest?.startsWith('/Attributes(')) {
    const option = { Value: 1, Label: label('Accounting') }
    return { body: { LogicalName: 'industrycode', OptionSet: { Options: [option] } } }
  }
  return { body: { value: details[cast] ?? [] } }
}
