import { invalidArgument } from '../errors/dataverse-error.ts'

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/

/** Checks the name of a column or navigation property. @throws DataverseError `invalid_argument` */
export function propertyName(name: string, field = 'column'): string {
  if (NAME.test(name)) return name
  throw invalidArgument(
    field,
    `“${name.slice(0, 100)}” is not a name`,
    'Use the logical name: letters, digits and underscores.',
  )
}

/** Checks a name that may lead through lookups: `primarycontactid/fullname`. */
export function columnPath(path: string): string {
  return path
    .split('/')
    .map((name) => propertyName(name))
    .join('/')
}
