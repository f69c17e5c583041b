import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  type ChangeOptions,
  changeSet,
  DataverseError,
  type Operation,
  type OperationOutcome,
  pageOperation,
} from '../../src/dataverse/index.ts'
import { startSandboxClient } from './sandbox-client.ts'

// What no document says, and the sandbox can therefore do in more than one way: the client takes each.
const { client, sandbox } = await startSandboxClient({ after }, { rows: 5 })
const organization = `/organizations/${sandbox.description.organizations[0]?.uniqueName}`

async function inEachWay(
  name: string,
  ways: readonly (string | number)[],
  check: (way: string | number) => Promise<void>,
): Promise<void> {
  for (const way of ways) {
    await sandbox.admin(`${organization}/switches`, 'PATCH', { [name]: way })
    await check(way)
  }
}

const create = (name: string): Operation<void> => ({
  method: 'POST',
  path: 'accounts',
  body: { [name]: 'x' },
  read: () => undefined,
})

const shown = (outcome: OperationOutcome<unknown>): string =>
  outcome.ok ? 'ok' : outcome.skipped ? 'skipped' : outcome.error.code

test('a failed change set is undone, in its wrapper or without it; the wrapper tells whose fault it is', async () => {
  await inEachWay('failedChangeSet', ['bare', 'wrapped'], async (way) => {
    const outcomes = await client.batch(
      [changeSet([create('name'), create('nmae')]), create('name')],
      {
        continueOnError: true,
      },
    )
    const first = way === 'wrapped' ? 'rolled_back' : 'bad_request'
    assert.deepEqual(outcomes.flat().map(shown), [first, 'bad_request', 'ok'])
  })
})

test('an unknown column has one name, whichever code the service gives it', async () => {
  const seen = new Set<string>()
  await inEachWay('propertyErrorCode', ['0x80060888', '0x0'], async () => {
    const error = await client.perform(pageOperation('accounts', { select: ['nmae'] })).then(
      () => assert.fail('It was read.'),
      (reason: unknown) => reason,
    )
    assert.ok(error instanceof DataverseError)
    seen.add(error.code)
  })
  assert.equal(seen.size, 1)
})

test('a service that drops the delta link beside display texts is found out', async () => {
  const options: ChangeOptions = { select: ['name', '_ownerid_value'], annotations: '*' }
  const read = async () => {
    for await (const page of client.changes('accounts', options)) if (page.last) return 'read'
    return 'ended'
  }
  await inEachWay('deltaLink', ['lostWithLookups', 'always'], async (way) => {
    if (way === 'always') assert.equal(await read(), 'read')
    else await assert.rejects(read(), { code: 'tracking_lost' })
  })
})
