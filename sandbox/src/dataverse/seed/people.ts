import type { Database } from '../store/database.ts'
import type { Reference } from '../store/rows.ts'
import type { Insert } from './insert.ts'
import { seedViews } from './views.ts'

/** Who may sign in to an organization, as Entra ID and Dataverse both know him. */
export interface Member {
  readonly entraObjectId: string
  readonly name: string
  readonly email: string
  /** Set for an application user: the client id of its registration. */
  readonly applicationId?: string
  readonly roles: readonly string[]
  readonly disabled?: boolean
}

/** Rows that everything else points to. */
export interface Anchors {
  readonly unit: Reference
  readonly currency: Reference
  readonly otherCurrencies: readonly { readonly reference: Reference; readonly rate: number }[]
  readonly users: readonly [Reference, ...Reference[]]
  readonly teams: readonly [Reference, ...Reference[]]
  readonly roles: ReadonlyMap<string, Reference>
}

const DOLLAR = { name: 'US Dollar', code: 'USD', symbol: '$', rate: 1 }
const OTHER_CURRENCIES = [
  { name: 'Euro', code: 'EUR', symbol: '€', rate: 0.92 },
  { name: 'Pound Sterling', code: 'GBP', symbol: '£', rate: 0.79 },
]
const ROLES = ['System Administrator', 'System Customizer', 'Basic User', 'Service Reader']
const MESSAGES = ['Create', 'Update', 'Delete', 'CreateMultiple', 'UpdateMultiple']
/** Not all tables have the bulk messages; notes stand for those. UpsertMultiple is announced for none. */
const WITHOUT_BULK = new Set(['annotation'])

/** Inserts business units, currencies, roles, users and teams. */
export function seedPeople(
  database: Database,
  insert: Insert,
  organization: { readonly id: string; readonly name: string },
): Anchors {
  const admin: Reference = { table: 'systemuser', id: database.newId() }
  const unit = insert('businessunit', { name: organization.name, isdisabled: 0 }, { by: admin })
  insert(
    'businessunit',
    { name: 'Retail', isdisabled: 0, parentbusinessunitid: unit },
    { by: admin },
  )
  const currency = insertCurrency(insert, admin, DOLLAR)
  const otherCurrencies = OTHER_CURRENCIES.map((one) => ({
    rate: one.rate,
    reference: insertCurrency(insert, admin, one),
  }))
  insert(
    'organization',
    {
      name: organization.name,
      languagecode: 1033,
      basecurrencyid: currency,
      expirechangetrackingindays: 7,
      expiresubscriptionsindays: 90,
      maxuploadfilesize: 5_242_880,
    },
    { by: admin, id: organization.id },
  )
  const roles = new Map(
    ROLES.map((name) => [name, insert('role', { name, businessunitid: unit }, { by: admin })]),
  )
  const users = seedUsers(insert, admin, unit)
  const team = (name: string, isDefault: number): Reference =>
    insert(
      'team',
      { name, businessunitid: unit, isdefault: isDefault, administratorid: admin, teamtype: 0 },
      { by: admin },
    )
  const teams = [team(organization.name, 1), team('Key Accounts', 0)] as const
  seedMessages(database, insert, admin)
  seedViews(database, insert, admin)
  for (const user of users) {
    tie(database, insert, 'teammembership', { systemuserid: user.id, teamid: teams[0].id }, admin)
  }
  return { unit, currency, otherCurrencies, users, teams, roles }
}

function insertCurrency(insert: Insert, by: Reference, currency: typeof DOLLAR): Reference {
  return insert(
    'transactioncurrency',
    {
      currencyname: currency.name,
      isocurrencycode: currency.code,
      currencysymbol: currency.symbol,
      currencyprecision: 2,
      exchangerate: currency.rate,
    },
    { by },
  )
}

function seedUsers(insert: Insert, by: Reference, unit: Reference): Anchors['users'] {
  const user = (first: string, last: string, id?: string): Reference =>
    insert(
      'systemuser',
      {
        firstname: first,
        lastname: last,
        internalemailaddress: `${first}.${last}@example.com`.toLowerCase(),
        domainname: `${first}.${last}@example.com`.toLowerCase(),
        businessunitid: unit,
        isdisabled: 0,
        islicensed: 1,
      },
      { by, ...(id === undefined ? {} : { id }) },
    )
  return [user('System', 'Administrator', by.id), user('Nina', 'Berg'), user('Owen', "O'Hara")]
}

/** Inserts the user row of a member and ties it to his roles; what he may do is kept by the organization's access. */
export function insertMember(
  database: Database,
  insert: Insert,
  member: Member,
  anchors: Anchors,
): Reference {
  const [first, ...rest] = member.name.split(' ')
  const [by] = anchors.users
  const user = insert(
    'systemuser',
    {
      firstname: rest.length === 0 ? null : (first ?? null),
      lastname: rest.length === 0 ? member.name : rest.join(' '),
      internalemailaddress: member.email,
      domainname: member.email,
      azureactivedirectoryobjectid: member.entraObjectId,
      applicationid: member.applicationId ?? null,
      accessmode: member.applicationId === undefined ? 0 : 4,
      businessunitid: anchors.unit,
      isdisabled: member.disabled ? 1 : 0,
      islicensed: member.applicationId === undefined ? 1 : 0,
    },
    { by },
  )
  for (const name of member.roles) {
    const role = anchors.roles.get(name)
    if (!role) continue
    tie(database, insert, 'systemuserroles', { systemuserid: user.id, roleid: role.id }, by)
  }
  return user
}

/** Inserts a row of a table between two, where the schema has it. */
function tie(
  database: Database,
  insert: Insert,
  between: string,
  values: Readonly<Record<string, string>>,
  by: Reference,
): void {
  if (database.schema.tables.has(between)) insert(between, values, { by })
}

function seedMessages(database: Database, insert: Insert, by: Reference): void {
  if (!database.schema.tables.has('sdkmessagefilter')) return
  for (const name of MESSAGES) {
    const message = insert('sdkmessage', { name }, { by })
    for (const table of database.schema.tables.values()) {
      if (table.ownership !== 'UserOwned') continue
      if (name.endsWith('Multiple') && WITHOUT_BULK.has(table.name)) continue
      insert(
        'sdkmessagefilter',
        { name, sdkmessageid: message, primaryobjecttypecode: table.name },
        { by },
      )
    }
  }
}
