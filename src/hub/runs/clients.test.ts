import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerDefinitions } from '../../../test/support/account-definitions.ts'
import { countedTokens, startDataverseServer } from '../../../test/support/dataverse-server.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { createMetadataCache } from '../../dataverse/index.ts'
import { silentLogger, systemClock, systemRandom } from '../../kernel/index.ts'
import { createEgress, createSender } from '../../transport/index.ts'
import { createClients } from './clients.ts'

test('definitions are kept for a Credential’s next run, and not for another Credential', async (t) => {
  const server = await startDataverseServer(
    t,
    (request) => answerDefinitions(request) ?? { status: 404 },
  )
  const egress = createEgress({ allow: [server.origin] })
  const sender = createSender({ egress, clock: systemClock, logger: silentLogger })
  t.after(() => sender.close())
  const clock = new FakeClock()
  const createClient = createClients({
    send: sender.send,
    metadataCache: createMetadataCache({ maxEntries: 10 }),
    clock,
    logger: silentLogger,
    random: systemRandom,
  })
  const read = async (id: string) => {
    const before = server.requests.length
    const credential = { id, environmentUrl: server.origin, apiVersion: 'v9.2' }
    await createClient(credential, countedTokens()).metadata.tables()
    return server.requests.length - before
  }
  // Two requests for the first: the service is asked for stamps, and has none.
  assert.deepEqual([await read('a'), await read('a'), await read('b')], [2, 0, 2])
  clock.advance(24 * 60 * 60_000 + 1)
  assert.equal(await read('a'), 2)
})
