import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { readCsdl } from './csdl/read-document.ts'
import { factsOfCsdl } from './csdl/to-facts.ts'
import type { SchemaFacts } from './facts.ts'
import { link } from './link.ts'
import type { Schema } from './model.ts'

/** Tables without which an organization cannot let anybody in. */
const NEEDED = ['systemuser', 'businessunit', 'organization', 'transactioncurrency', 'team', 'role']

/** Reads the committed table definitions and links them. */
export function loadSchema(): Schema {
  return link(builtInFacts())
}

/**
 * Checks an organization's `$metadata`, plain or compressed with gzip, and makes a function that gives
 * each organization a schema of its own.
 * @throws Error saying what is wrong with the document
 */
export function openSchema(bytes: Buffer): () => Schema {
  let checked: Schema | undefined
  try {
    checked = loadCsdlSchema(bytes)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`The schema cannot be used: ${reason}`, { cause: error })
  }
  return () => {
    const schema = checked ?? loadCsdlSchema(bytes)
    checked = undefined
    return schema
  }
}

function loadCsdlSchema(bytes: Buffer): Schema {
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b
  const text = (isCompressed ? gunzipSync(bytes) : bytes).toString('utf8')
  const facts = factsOfCsdl(readCsdl(text), builtInFacts())
  const names = new Set(facts.tables.map(({ name }) => name))
  const missing = NEEDED.filter((name) => !names.has(name))
  if (missing.length > 0) {
    throw new Error(
      `it is not the whole $metadata of an organization: ${missing.join(', ')} missing`,
    )
  }
  return link(facts, { text })
}

function builtInFacts(): SchemaFacts {
  const file = new URL('../../../data/tables.json', import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8'))
}
