import { Fault } from '../fault.ts'

/** A FetchXML query that the service refuses; codes and words are those of its list of error codes. */
export function badFetch(code: string, message: string): Fault {
  return new Fault(400, code, message)
}

export function malformedFetch(): Fault {
  return badFetch('0x80040303', 'Malformed FetchXml.')
}

export function invalidNode(): Fault {
  return badFetch('0x8004111c', 'The element node encountered is invalid.')
}

export function unknownAttribute(name: string, table: string): Fault {
  return badFetch(
    '0x80041103',
    `'${table}' entity doesn't contain attribute with Name = '${name}' and NameMapping = 'Logical'.`,
  )
}

export function unknownEntity(name: string): Fault {
  return badFetch(
    '0x80041102',
    `The entity with a name = '${name}' with namemapping = 'Logical' was not found in the MetadataCache.`,
  )
}
