import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerDefinitions } from '../../../test/support/account-definitions.ts'
import { countedTokens, startDataverseServer } from '../../../test/support/dataverse-server.ts'
import { bodiesOf, runContext } from '../../../test/support/run-context.ts'
import type { DataverseClient } from '../../dataverse/index.ts'
import { lookupObjects } from './lookup-objects.ts'
import { makeRawRequest } from './make-raw-request.ts'

const { signal } = new AbortController()
const config = { objectType: 'account' }
const bySet = { objectType: 'accounts' }

const uses: Readonly<Record<string, (dataverse: DataverseClient) => Promise<unknown>>> = {
  'a look-up': (dataverse) =>
    bodiesOf(lookupObjects.run(runContext(dataverse, config, {}, signal))),
  'a look-up by entity set': (dataverse) =>
    bodiesOf(lookupObjects.run(runContext(dataverse, bySet, {}, signal))),
  'a raw request': (dataverse) => {
    const input = { url: 'accounts', method: 'GET' }
    return bodiesOf(makeRawRequest.run(runContext(dataverse, {}, input, signal)))
  },
  'the list of tables': (dataverse) =>
    lookupObjects.options('objectType', { config, dataverse, signal, limit: 10 }),
  'the input schema': (dataverse) => lookupObjects.inputSchema({ config, dataverse, signal }),
  'the output schema': (dataverse) => lookupObjects.outputSchema({ config, dataverse, signal }),
}

for (const [name, use] of Object.entries(uses)) {
  test(`${name} hands the signal of its run to every request`, async (t) => {
    const server = await startDataverseServer(
      t,
      (request) => answerDefinitions(request) ?? { body: { value: [] } },
    )
    const seen: (AbortSignal | undefined)[] = []
    const { token, replace } = countedTokens()
    const noting = (given?: AbortSignal) => {
      seen.push(given)
      return token(given)
    }
    await use(server.client({ tokens: { token: noting, replace } }))
    assert.ok(seen.length > 0 && seen.length === server.requests.length)
    assert.ok(seen.every((each) => each === signal))
  })
}
