import type { Database } from '../store/database.ts'
import type { Random } from '../store/random.ts'
import type { Reference, Value } from '../store/rows.ts'
import type { Insert } from './insert.ts'
import type { Anchors } from './people.ts'
import {
  CITIES,
  FAMILY,
  FORMS,
  GIVEN,
  NOTES,
  PLACES,
  STREETS,
  SUBJECTS,
  TITLES,
  TRADES,
  WISHES,
} from './words.ts'

export interface RowCounts {
  readonly accounts: number
  readonly contacts: number
}

type Values = Record<string, Value>

/** An organization without one of them gets no generated rows. */
const GENERATED = ['account', 'contact', 'lead', 'opportunity', 'task', 'annotation']
const DAY = 86_400_000
const FIRST_DAY = Date.UTC(2022, 0, 10)
const DAYS = 1_500

/** Fills the tables of a user's data with made-up rows, the same ones for the same seed. */
export function generateRows(
  database: Database,
  insert: Insert,
  anchors: Anchors,
  random: Random,
  counts: RowCounts,
): void {
  const { tables } = database.schema
  if (!GENERATED.every((name) => tables.has(name))) return
  const maker = new Maker(insert, anchors, random)
  const accounts: Reference[] = []
  for (let index = 0; index < counts.accounts; index += 1)
    accounts.push(maker.account(index, accounts))
  const contacts: Reference[] = []
  for (let index = 0; index < counts.contacts; index += 1)
    contacts.push(maker.contact(index, accounts, contacts))
  linkPrimaryContacts(database, accounts, contacts)
  const leads = Math.ceil(counts.accounts / 10)
  for (let index = 0; index < leads; index += 1) maker.lead(index, accounts)
  const opportunities: Reference[] = []
  for (let index = 0; index < Math.ceil(counts.accounts / 5); index += 1) {
    opportunities.push(maker.opportunity(index, accounts, contacts))
  }
  for (let index = 0; index < Math.ceil(counts.accounts / 5); index += 1) {
    maker.task(index, index % 3 === 0 ? contacts : index % 7 === 0 ? opportunities : accounts)
  }
  for (let index = 0; index < Math.ceil(counts.accounts / 25); index += 1)
    maker.note(index, accounts)
}

/** Two accounts of three have a primary contact, as if it had been chosen right away. */
function linkPrimaryContacts(
  database: Database,
  accounts: readonly Reference[],
  contacts: readonly Reference[],
): void {
  const rows = database.rows('account')
  const column = rows.table.byName.get('primarycontactid')
  if (!column) return
  for (const [index, account] of accounts.entries()) {
    const contact = contacts[index]
    const slot = rows.slotOf(account.id)
    if (contact && slot !== undefined && index % 3 !== 2)
      rows.update(slot, new Map([[column, contact]]))
  }
}

class Maker {
  readonly #insert: Insert
  readonly #anchors: Anchors
  readonly #random: Random

  constructor(insert: Insert, anchors: Anchors, random: Random) {
    this.#insert = insert
    this.#anchors = anchors
    this.#random = random
  }

  account(index: number, accounts: readonly Reference[]): Reference {
    const random = this.#random
    const name = this.#company(index)
    const revenue = random.next() < 0.2 ? null : Math.round(random.next() * 200_000) * 100
    return this.#put('account', {
      name,
      ...this.#owned(),
      ...this.#money(),
      ...this.#address(),
      accountnumber: `A-${String(index + 1).padStart(6, '0')}`,
      revenue,
      numberofemployees: random.next() < 0.15 ? null : 1 + random.below(5_000),
      telephone1: `+1 425 555 ${String(random.below(10_000)).padStart(4, '0')}`,
      websiteurl: random.next() < 0.5 ? null : `https://www.example.com/c${index}`,
      emailaddress1: random.next() < 0.1 ? null : `office${index}@example.com`,
      industrycode: random.next() < 0.3 ? null : 1 + random.below(33),
      customertypecode: random.next() < 0.4 ? null : 1 + random.below(12),
      accountcategorycode: random.next() < 0.5 ? null : 1 + random.below(2),
      creditonhold: random.next() < 0.05 ? 1 : 0,
      creditlimit: random.next() < 0.6 ? null : random.below(500) * 1000,
      description: random.next() < 0.8 ? null : random.pick(NOTES),
      parentaccountid:
        index > 20 && random.next() < 0.1 ? (accounts[random.below(index)] ?? null) : null,
      ...(random.next() < 0.06 ? { statecode: 1, statuscode: 2 } : {}),
    })
  }

  contact(
    index: number,
    accounts: readonly Reference[],
    contacts: readonly Reference[],
  ): Reference {
    const random = this.#random
    const account = accounts[index < accounts.length ? index : random.below(accounts.length)]
    const other = contacts[random.below(Math.max(1, index))]
    const chance = random.next()
    const parent = chance < 0.85 ? account : chance < 0.9 ? other : undefined
    return this.#put('contact', {
      firstname: random.next() < 0.03 ? null : random.pick(GIVEN),
      lastname: random.pick(FAMILY),
      ...this.#owned(),
      ...this.#money(),
      ...this.#address(),
      jobtitle: random.next() < 0.25 ? null : random.pick(TITLES),
      emailaddress1: random.next() < 0.1 ? null : `person${index}@example.com`,
      telephone1: `+1 206 555 ${String(random.below(10_000)).padStart(4, '0')}`,
      mobilephone: random.next() < 0.6 ? null : `+49 171 ${1_000_000 + random.below(8_999_999)}`,
      birthdate:
        random.next() < 0.5
          ? null
          : Date.UTC(1950 + random.below(55), random.below(12), 1 + random.below(28)),
      gendercode: random.next() < 0.5 ? null : 1 + random.below(2),
      annualincome: random.next() < 0.7 ? null : random.below(200) * 1000,
      donotphone: random.next() < 0.1 ? 1 : 0,
      parentcustomerid: parent ?? null,
      ...(random.next() < 0.04 ? { statecode: 1, statuscode: 2 } : {}),
    })
  }

  lead(index: number, accounts: readonly Reference[]): Reference {
    const random = this.#random
    return this.#put('lead', {
      firstname: random.pick(GIVEN),
      lastname: random.pick(FAMILY),
      subject: random.pick(WISHES),
      companyname: this.#company(index),
      ...this.#owned(),
      ...this.#money(),
      ...this.#address(),
      emailaddress1: `lead${index}@example.com`,
      leadqualitycode: 1 + random.below(3),
      parentaccountid:
        random.next() < 0.2 ? (accounts[random.below(accounts.length)] ?? null) : null,
    })
  }

  opportunity(
    index: number,
    accounts: readonly Reference[],
    contacts: readonly Reference[],
  ): Reference {
    const random = this.#random
    const customers = index % 6 === 5 && contacts.length > 0 ? contacts : accounts
    return this.#put('opportunity', {
      name: `${random.pick(TRADES)} for ${random.pick(PLACES)}`,
      ...this.#owned(),
      ...this.#money(),
      customerid: customers[random.below(customers.length)] ?? null,
      estimatedvalue: random.next() < 0.2 ? null : random.below(90_000) + random.below(100) / 100,
      estimatedclosedate: random.next() < 0.3 ? null : FIRST_DAY + random.below(DAYS) * DAY,
      closeprobability: random.next() < 0.5 ? null : random.below(101),
    })
  }

  task(index: number, regarding: readonly Reference[]): Reference {
    const random = this.#random
    const due = FIRST_DAY + random.below(DAYS) * DAY + 54_000_000
    return this.#put('task', {
      subject: `${random.pick(SUBJECTS)} (${index + 1})`,
      ...this.#owned(),
      regardingobjectid: regarding[random.below(regarding.length)] ?? null,
      scheduledend: random.next() < 0.2 ? null : due,
      prioritycode: random.below(3),
      ...(random.next() < 0.3 ? { statecode: 1, statuscode: 5, actualend: due } : {}),
    })
  }

  note(index: number, accounts: readonly Reference[]): Reference {
    const random = this.#random
    return this.#put('annotation', {
      subject: random.pick(SUBJECTS),
      notetext: random.pick(NOTES),
      ...this.#owned(),
      objectid: accounts[random.below(accounts.length)] ?? null,
      isdocument: 0,
      filename: index % 4 === 0 ? `note-${index}.txt` : null,
    })
  }

  #put(table: string, values: Values): Reference {
    const random = this.#random
    const created = FIRST_DAY + random.below(DAYS) * DAY + random.below(28_800) * 1000
    // Imports touch many rows in the same second, and pollers must cope with it.
    const imported = random.next() < 0.3
    const modified = imported
      ? FIRST_DAY + (DAYS + random.below(20)) * DAY
      : created + random.below(90) * DAY
    const user =
      this.#anchors.users[random.below(this.#anchors.users.length)] ?? this.#anchors.users[0]
    return this.#insert(table, values, { by: user, created, modified: Math.max(created, modified) })
  }

  #company(index: number): string {
    const random = this.#random
    const sparkle = index % 400 === 399 ? ' ☀️' : ''
    return `${random.pick(PLACES)} ${random.pick(TRADES)} ${random.pick(FORMS)}${sparkle}`
  }

  #owned(): Values {
    const { users, teams, unit } = this.#anchors
    const random = this.#random
    const team = random.next() < 0.1 ? teams[random.below(teams.length)] : undefined
    const user = users[random.below(users.length)] ?? users[0]
    return {
      ownerid: team ?? user,
      owninguser: team ? null : user,
      owningteam: team ?? null,
      owningbusinessunit: unit,
    }
  }

  #money(): Values {
    const { currency, otherCurrencies } = this.#anchors
    const random = this.#random
    const other =
      random.next() < 0.15 ? otherCurrencies[random.below(otherCurrencies.length)] : undefined
    return { transactioncurrencyid: other?.reference ?? currency, exchangerate: other?.rate ?? 1 }
  }

  #address(): Values {
    const random = this.#random
    if (random.next() < 0.2) return {}
    const [city, state, code, country] = random.pick(CITIES)
    return {
      address1_line1: `${1 + random.below(300)} ${random.pick(STREETS)}`,
      address1_city: city,
      address1_stateorprovince: state,
      address1_postalcode: code,
      address1_country: country,
    }
  }
}
