import { readFileSync } from 'node:fs'
import type { SchemaFacts } from './facts.ts'
import { link } from './link.ts'
import type { Schema } from './model.ts'

/** Reads the committed table definitions and links them. */
export function loadSchema(): Schema {
  const file = new URL('../../../data/tables.json', import.meta.url)
  const facts: SchemaFacts = JSON.parse(readFileSync(file, 'utf8'))
  return link(facts)
}
