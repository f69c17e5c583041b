import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerDefinitions } from '../../../test/support/account-definitions.ts'
import { countedTokens, startDataverseServer } from '../../../test/support/dataverse-server.ts'
import { bodiesOf, runContext } from '../../../test/support/run-context.ts'
import type { DataverseClient } from '../../dataverse/index.ts'
import { verifyConnection } from '../verify-connection.ts'
import { lookupObject } from './lookup-object.ts'
import { lookupObjects } from './lookup-objects.ts'

const ID = '11111111-aaaa-bbbb-cccc-000000000001'
const IDENTITY = {
  ...{ UserId: ID, BusinessUnitId: ID, OrganizationId: ID },
  Detail: { OrganizationId: ID },
}

const config = { objectType: 'account' }
const bySet = { objectType: 'accounts' }

type Use = (dataverse: DataverseClient, signal: AbortSignal) => Promise<unknown>

const uses: Readonly<Record<string, Use>> = {
  'a look-up by entity set': (dataverse, signal) =>
    bodiesOf(lookupObjects.run(runContext(dataverse, bySet, {}, signal))),
  'the list of criteria': (dataverse, signal) =>
    lookupObject.options('lookupCriteria', { config, dataverse, signal, limit: 10 }),
  'a verification': (dataverse, signal) => verifyConnection(dataverse, { signal }),
  'the list of tables': (dataverse, signal) =>
    lookupObjects.options('objectType', { config, dataverse, signal, limit: 10 }),
  'the input schema': (dataverse, signal) =>
    lookupObjects.inputSchema({ config, dataverse, signal }),
  'the output schema': (dataverse, signal) =>
    lookupObjects.outputSchema({ config, dataverse, signal }),
}

for (const [name, use] of Object.entries(uses)) {
  test(`${name} hands the signal of its run to every request, or one that follows it`, async (t) => {
    const server = await startDataverseServer(
      t,
      (request) => answerDefinitions(request) ?? { body: { ...IDENTITY, value: [] } },
    )
    const seen: (AbortSignal | undefined)[] = []
    const { token, replace } = countedTokens()
    const noting = (given?: AbortSignal) => {
      seen.push(given)
      return token(given)
    }
    const client = server.client({ tokens: { token: noting, replace } })
    await use(client, new AbortController().signal)
    assert.ok(seen.length > 0 && seen.length === server.requests.length)
    assert.ok(seen.every((each) => each !== undefined))
    seen.length = 0
    await assert.rejects(use(client, AbortSignal.abort()))
    assert.ok(seen.length > 0 && seen.every((each) => each?.aborted === true))
  })
}
