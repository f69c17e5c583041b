import assert from 'node:assert/strict'
import { ConnectorError, type Context, findEntry } from '../../src/connector/index.ts'
import type { DataverseClient } from '../../src/dataverse/index.ts'
import { bodiesOf, runContext } from '../support/run-context.ts'

type Fields = Readonly<Record<string, unknown>>

/** Runs a trigger or action by its name, and gives the bodies that come out. */
export function runEntry(
  client: DataverseClient,
  name: string,
  config: Fields,
  input: unknown = {},
  more: Partial<Context<unknown, unknown>> = {},
): Promise<readonly unknown[]> {
  const entry = findEntry(name)
  assert.ok(entry, `there is no ${name}`)
  return bodiesOf(entry.run({ ...runContext(client, config, input), ...more }))
}

/** Expects an error of the connector that names this field. */
export async function refused(running: Promise<unknown>, field: string, code?: string) {
  await assert.rejects(running, (error) => {
    assert.ok(error instanceof ConnectorError, String(error))
    assert.equal(error.facts['field'], field)
    if (code !== undefined) assert.equal(error.code, code)
    return true
  })
}
