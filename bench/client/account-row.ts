type Value = string | number | boolean | null
type Row = Readonly<Record<string, Value>>

const id = (kind: number, number: number) =>
  `0000000${kind}-0000-4000-8000-${String(number).padStart(12, '0')}`
const digits = (number: number, length: number) => String(number).padStart(length, '0')

const FORMATTED = 'OData.Community.Display.V1.FormattedValue'
const LOOKUP = 'Microsoft.Dynamics.CRM.lookuplogicalname'
const NAVIGATION = 'Microsoft.Dynamics.CRM.associatednavigationproperty'

/** An account of 30 columns, of the kinds that a real one has: texts, numbers, money, choices, times, lookups. */
export function row(number: number): Row {
  return {
    '@odata.etag': `W/"${1_000_000 + number}"`,
    ...texts(number),
    ...numbers(number),
    createdon: `2026-01-02T03:04:${digits(number % 60, 2)}Z`,
    modifiedon: `2026-10-02T03:04:${digits(number % 60, 2)}Z`,
    lastonholdtime: null,
    _ownerid_value: id(2, number % 50),
    _primarycontactid_value: number % 3 === 0 ? null : id(3, number),
    _parentaccountid_value: number % 7 === 0 ? id(1, number - 7) : null,
    _transactioncurrencyid_value: id(4, 1),
  }
}

/** The same row with what `include-annotations="*"` adds. */
export function annotatedRow(number: number): Row {
  return Object.fromEntries(Object.entries(row(number)).flatMap(withAnnotations))
}

/** The names of the columns, without the annotations. */
export const COLUMNS = Object.keys(row(0)).filter((name) => !name.includes('@'))

function texts(number: number): Row {
  return {
    accountid: id(1, number),
    name: `Bakery ${number} of the Northern Harbour`,
    accountnumber: `A-${digits(number, 8)}`,
    telephone1: `+49 461 ${digits(number, 7)}`,
    emailaddress1: `office${number}@bakery.example.com`,
    websiteurl: `https://bakery-${number}.example.com/`,
    description: `Delivers to the harbour before sunrise; customer since ${1990 + (number % 36)}.`,
    address1_line1: `Quay Street ${number % 200}`,
    address1_city: 'Flensburg',
    address1_postalcode: digits(number % 100_000, 5),
    address1_country: 'Germany',
  }
}

function numbers(number: number): Row {
  return {
    revenue: 1_000.5 * number,
    revenue_base: 1_000.5 * number,
    creditlimit: 5_000,
    exchangerate: 1,
    numberofemployees: number % 400,
    industrycode: number % 33,
    accountcategorycode: 1 + (number % 2),
    customertypecode: 3,
    statecode: 0,
    statuscode: 1,
    donotemail: number % 2 === 0,
    creditonhold: false,
  }
}

function withAnnotations([name, value]: [string, Value]): readonly [string, Value][] {
  if (name.startsWith('@') || value === null) return [[name, value]]
  if (name.startsWith('_')) {
    return [
      [`${name}@${FORMATTED}`, `Name of ${String(value).slice(-6)}`],
      [`${name}@${NAVIGATION}`, name.slice(1, -6)],
      [`${name}@${LOOKUP}`, name === '_ownerid_value' ? 'systemuser' : 'account'],
      [name, value],
    ]
  }
  const formatted = typeof value !== 'string' || /on$/.test(name)
  return formatted
    ? [
        [`${name}@${FORMATTED}`, String(value)],
        [name, value],
      ]
    : [[name, value]]
}
