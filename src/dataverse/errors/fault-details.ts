import type { Fault } from './fault.ts'

/** What an error answer's text tells beyond its class: what it is about, and what to do about that. */
export interface FaultDetails {
  readonly why?: string
  readonly remedy?: string
  /** Names that the text gives: `table`, `column`, `key`, `privilege` and the like. */
  readonly facts: Readonly<Record<string, string>>
}

interface Reading {
  readonly pattern: RegExp
  readonly details: (groups: Readonly<Record<string, string>>) => Omit<FaultDetails, 'facts'>
}

// The service's own sentences, of which the named groups become facts. The same sentence comes under
// several codes, so that the text decides.
// https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes
const READINGS: readonly Reading[] = [
  {
    pattern:
      /length of the '(?<column>\w+)' attribute of the '(?<table>\w+)' entity exceeded the maximum allowed length of '(?<maxLength>\d+)'/i,
    details: ({ column, maxLength }) => ({
      why: `The text for ${column} is longer than the column.`,
      remedy: `Give ${column} at most ${maxLength} characters.`,
    }),
  },
  {
    pattern:
      /value(?: \S{1,60})? of '(?<column>\w+)' on record of type '(?<table>\w+)' is outside the valid range/i,
    details: ({ column }) => ({
      why: `The value for ${column} is outside of what the column takes.`,
      remedy: `Give ${column} a value within its range, or one of its choices.`,
    }),
  },
  {
    pattern:
      /Entity Key (?<key>[\w ]{1,100}?) violated\. A record with the same value for (?<column>[^.]{1,200}?) already exists/i,
    details: ({ key, column }) => ({
      why: `Another row has the same values in the alternate key ${key}.`,
      remedy: `Change ${column}, or write to the row that has these values: by an upsert with this key.`,
    }),
  },
  {
    pattern: /specified key values does not exist in (?<table>\w+) entity/i,
    details: ({ table }) => ({
      why: `No row of ${table} has these values of the alternate key.`,
      remedy: `Check the key’s values, or create the row of ${table} first.`,
    }),
  },
  {
    pattern: /not a defined key for the (?<table>\w+) entity/i,
    details: ({ table }) => ({
      why: `The columns are no alternate key of ${table}.`,
      remedy: `Name the row by its id, or by all columns of one alternate key of ${table}.`,
    }),
  },
  {
    pattern: /'?(?<table>\w+)'? With Ids? = (?<id>[0-9a-f-]{36})/i,
    details: ({ table }) => ({
      why: `The row of ${table} that the request names does not exist, or the user cannot see it.`,
      remedy: `Check the id; a row that is referred to must exist in ${table}.`,
    }),
  },
  {
    pattern: /undeclared property '(?<column>[^']{1,128})'/i,
    details: ({ column }) => ({
      why: `The table has no property ${column}; names of navigation properties are case-sensitive.`,
      remedy: `Name the lookup’s navigation property exactly as the table’s definition has it.`,
    }),
  },
  {
    pattern:
      /property (?:named )?'(?<column>[^']{1,128})' (?:does not exist )?on type 'Microsoft\.Dynamics\.CRM\.(?<table>\w+)'/i,
    details: ({ column, table }) => ({
      why: `${table} has no property ${column}; names are case-sensitive.`,
      remedy: `Use a column’s logical name, or a navigation property as the definition has it.`,
    }),
  },
  {
    pattern:
      /'(?<table>\w+)' entity doesn't contain attribute with Name = '(?<column>[^']{1,128})'/i,
    details: ({ column, table }) => ({
      why: `${table} has no column ${column}; names are case-sensitive.`,
      remedy: `Use a column’s logical name, as the definition has it.`,
    }),
  },
  {
    pattern: /resource not found for the segment '(?<segment>[^']{1,128})'/i,
    details: ({ segment }) => ({
      why: `The environment has no entity set or message “${segment}”, or the user may not see it.`,
      remedy: 'Use the entity set name, such as accounts, in the service’s own case.',
    }),
  },
  {
    pattern:
      /key in the request URI is not valid for resource 'Microsoft\.Dynamics\.CRM\.(?<table>\w+)'/i,
    details: ({ table }) => ({
      why: `The columns are no alternate key of ${table}.`,
      remedy: `Name the row by its id, or by all columns of one alternate key of ${table}.`,
    }),
  },
  {
    pattern: /to the expected type '(?<expectedType>Edm\.\w+)'/i,
    details: ({ expectedType }) => ({
      why: `A value is not of the type ${expectedType} that its column has.`,
      remedy: `Give the value as ${expectedType}.`,
    }),
  },
  {
    pattern: /missing (?<privilege>prv\w+) privilege(?:.{0,80}?for entity '(?<table>\w+)')?/i,
    details: ({ privilege }) => ({
      remedy: `Give the user, or the application user, a security role with the privilege ${privilege}.`,
    }),
  },
  {
    pattern:
      /does not have (?<right>\w+) right\(s\) for record with id (?<id>[0-9a-f-]{36}) of entity (?<table>\w+)/i,
    details: ({ right, table }) => ({
      why: `The user may not use the right ${right} on this row of ${table}.`,
      remedy: `Share the row with the user, or give a security role that reaches rows of its owner.`,
    }),
  },
]

const BY_CODE: Readonly<Record<string, Omit<FaultDetails, 'facts'>>> = {
  '0x80040265': {
    why: 'Custom logic of the environment, a plug-in or workflow, refused the request.',
    remedy: 'Follow what the message asks for, or talk to whoever looks after the custom logic.',
  },
  '0x80044a02': {
    why: 'The file is larger than its column, or the environment, takes.',
    remedy: 'Send a smaller file, or have the column’s maximum size raised.',
  },
  '0x80040333': {
    why: 'A rule of the environment takes the row for a duplicate.',
    remedy: 'Look at the row that is there, or write without the detection of duplicates.',
  },
}

/** Reads what an error answer is about from its text, where that is one the service is known to write. */
export function detailsOfFault({ dataverseCode = '', message, innerMessage }: Fault): FaultDetails {
  const text = [message, innerMessage].filter((one) => one !== undefined).join(' ')
  for (const { pattern, details } of READINGS) {
    const groups = pattern.exec(text)?.groups
    if (groups === undefined) continue
    const facts = Object.fromEntries(Object.entries(groups).filter(([, value]) => value))
    return { ...details(facts), facts }
  }
  return { ...BY_CODE[dataverseCode], facts: {} }
}
