import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { readCsdl } from '../../src/dataverse/schema/csdl/read-document.ts'
import { factsOfCsdl } from '../../src/dataverse/schema/csdl/to-facts.ts'
import type { SchemaFacts } from '../../src/dataverse/schema/facts.ts'
import type { TableFacts } from './shape.ts'

const DOCUMENT = new URL('../../test/data/organization.edmx.gz', import.meta.url)

/** Reads what a real organization's `$metadata` says, filled in with what is known of these tables. */
export function readOrganization(known: readonly TableFacts[]): SchemaFacts {
  const text = gunzipSync(readFileSync(DOCUMENT)).toString('utf8')
  const facts: SchemaFacts = JSON.parse(
    JSON.stringify({ unserved: {}, manyToMany: [], relations: [], tables: known }),
  )
  return factsOfCsdl(readCsdl(text), facts)
}
