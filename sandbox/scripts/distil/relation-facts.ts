import type { RelationFacts, TableFacts } from './shape.ts'

/** Names of relationships that follow no rule: `many.column>one` to schema and one's nav, many's nav. */
const NAMED: Readonly<Record<string, readonly [schema: string, many: string]>> = {
  'account.primarycontactid>contact': ['account_primary_contact', 'primarycontactid'],
  'account.parentaccountid>account': ['account_parent_account', 'parentaccountid'],
  'account.masterid>account': ['account_master_account', 'masterid'],
  'account.preferredsystemuserid>systemuser': ['system_user_accounts', 'preferredsystemuserid'],
  'account.owninguser>systemuser': ['user_accounts', 'owninguser'],
  'contact.parentcustomerid>account': ['contact_customer_accounts', 'parentcustomerid_account'],
  'contact.parentcustomerid>contact': ['contact_customer_contacts', 'parentcustomerid_contact'],
  'contact.masterid>contact': ['contact_master_contact', 'masterid'],
  'contact.preferredsystemuserid>systemuser': ['system_user_contacts', 'preferredsystemuserid'],
  'contact.owninguser>systemuser': ['contact_owning_user', 'owninguser'],
  'opportunity.customerid>account': ['opportunity_customer_accounts', 'customerid_account'],
  'opportunity.customerid>contact': ['opportunity_customer_contacts', 'customerid_contact'],
  'opportunity.parentaccountid>account': ['opportunity_parent_account', 'parentaccountid'],
  'opportunity.parentcontactid>contact': ['opportunity_parent_contact', 'parentcontactid'],
  'opportunity.owninguser>systemuser': ['opportunity_owning_user', 'owninguser'],
  'systemuser.businessunitid>businessunit': ['business_unit_system_users', 'businessunitid'],
  'systemuser.parentsystemuserid>systemuser': ['user_parent_user', 'parentsystemuserid'],
  'systemuser.transactioncurrencyid>transactioncurrency': [
    'TransactionCurrency_SystemUser',
    'transactioncurrencyid',
  ],
  'team.businessunitid>businessunit': ['business_unit_teams', 'businessunitid'],
  'team.administratorid>systemuser': ['lk_teambase_administratorid', 'administratorid'],
  'team.transactioncurrencyid>transactioncurrency': [
    'TransactionCurrency_Team',
    'transactioncurrencyid',
  ],
  'businessunit.parentbusinessunitid>businessunit': [
    'business_unit_parent_business_unit',
    'parentbusinessunitid',
  ],
  'businessunit.transactioncurrencyid>transactioncurrency': [
    'TransactionCurrency_BusinessUnit',
    'transactioncurrencyid',
  ],
  'organization.basecurrencyid>transactioncurrency': [
    'basecurrency_organization',
    'basecurrencyid',
  ],
  'role.businessunitid>businessunit': ['business_unit_roles', 'businessunitid'],
  'sdkmessagefilter.sdkmessageid>sdkmessage': ['sdkmessageid_sdkmessagefilter', 'sdkmessageid'],
  'fileattachment.objectid>account': ['account_FileAttachments', 'objectid_account'],
  'sdkmessageprocessingstep.sdkmessageid>sdkmessage': [
    'sdkmessageid_sdkmessageprocessingstep',
    'sdkmessageid',
  ],
  'sdkmessageprocessingstep.sdkmessagefilterid>sdkmessagefilter': [
    'sdkmessagefilterid_sdkmessageprocessingstep',
    'sdkmessagefilterid',
  ],
  'sdkmessageprocessingstep.eventhandler>serviceendpoint': [
    'serviceendpoint_sdkmessageprocessingstep',
    'eventhandler_serviceendpoint',
  ],
  'asyncoperation.owningextensionid>sdkmessageprocessingstep': [
    'SdkMessageProcessingStep_AsyncOperations',
    'owningextensionid',
  ],
  'asyncoperation.regardingobjectid>account': [
    'Account_AsyncOperations',
    'regardingobjectid_account',
  ],
  'asyncoperation.regardingobjectid>contact': [
    'Contact_AsyncOperations',
    'regardingobjectid_contact',
  ],
}

const PARENTAL = new Set([
  'contact.parentcustomerid',
  'opportunity.customerid',
  'fileattachment.objectid',
  'sdkmessageprocessingstep.eventhandler',
])
const AUTHORS =
  /^(createdby|modifiedby|createdonbehalfby|modifiedonbehalfby|ownerid|owninguser|owningteam)$/

const PLURAL: Readonly<Record<string, string>> = {
  account: 'accounts',
  contact: 'contacts',
  opportunity: 'opportunities',
}

/** Lists the relationship behind every lookup between tables that the sandbox serves. */
export function relate(
  tables: readonly TableFacts[],
  exported: readonly RelationFacts[],
): RelationFacts[] {
  const served = new Set(tables.map((table) => table.name))
  const relations = new Map<string, RelationFacts>()
  for (const relation of exported) {
    const known =
      served.has(relation.many) && (served.has(relation.one) || relation.one === 'owner')
    if (known) relations.set(key(relation), relation)
  }
  for (const table of tables) {
    for (const column of table.columns) {
      const targets = column.type === 'Owner' ? ['owner'] : (column.targets ?? [])
      for (const one of targets) {
        if (!served.has(one) && one !== 'owner') continue
        const relation = { one, many: table.name, column: column.name }
        const named = relations.has(key(relation)) ? undefined : nameRelation(relation)
        if (named) relations.set(key(relation), named)
      }
    }
  }
  return [...relations.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

function key(relation: Pick<RelationFacts, 'one' | 'many' | 'column'>): string {
  return `${relation.many}.${relation.column}>${relation.one}`
}

function nameRelation(
  relation: Pick<RelationFacts, 'one' | 'many' | 'column'>,
): RelationFacts | undefined {
  const rule = ruled(relation)
  const named = NAMED[key(relation)] ?? (rule && ([rule, relation.column] as const))
  if (!named) return undefined
  const [schema, manyNav] = named
  const found: RelationFacts = { schema, ...relation, manyNav, oneNav: schema }
  const onDelete = deletionRule(relation)
  if (onDelete) found.onDelete = onDelete
  return found
}

/** What deleting the one row does where no export says it. */
function deletionRule({
  one,
  many,
  column,
}: Pick<RelationFacts, 'one' | 'many' | 'column'>): RelationFacts['onDelete'] {
  if (PARENTAL.has(`${many}.${column}`)) return 'Cascade'
  if (AUTHORS.test(column)) return 'NoCascade'
  return one === 'businessunit' || one === 'transactioncurrency' ? 'Restrict' : undefined
}

function ruled({
  one,
  many,
  column,
}: Pick<RelationFacts, 'one' | 'many' | 'column'>): string | undefined {
  const plural = PLURAL[many] ?? many
  if (column === 'owningteam') return `team_${plural}`
  if (column === 'owningbusinessunit') return `business_unit_${plural}`
  if (column === 'ownerid') return `owner_${plural}`
  if (column === 'transactioncurrencyid') return `transactioncurrency_${many}`
  if (one === 'systemuser') return `lk_${many}base_${column}`
  return undefined
}
