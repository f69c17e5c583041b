import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ConnectorError } from '../../src/connector/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { checkWords } from './error-words.ts'
import { runEntry } from './run-entry.ts'

const { client, sandbox, token } = await startSandboxClient({ after })
const { orgUrl } = sandbox.description

/** Addresses that lead away from the environment, or that would not be sent as they are written. */
const ASTRAY = [
  ...[
    'https://elsewhere.example/api/data/v9.2/accounts',
    'https:elsewhere.example',
    '//elsewhere.example',
  ],
  ...[
    '\\\\elsewhere.example',
    '/\\elsewhere.example',
    'ftp://elsewhere.example',
    'file:///etc/passwd',
  ],
  ...[
    'javascript:alert(1)',
    'data:text/plain,x',
    '../../x',
    '%2e%2e/%2e%2e/x',
    'accounts%2F..%2F..%2Fx',
  ],
  ...[`${orgUrl.replace('//', '//user:secret@')}/api/data/v9.2/accounts`, `${orgUrl}/other`],
  ...[
    'accounts#x',
    "accounts(accountnumber='a#b')",
    'acc\nounts',
    'accounts?$top=1\r\nHost: x',
    'accounts?\ud800',
  ],
]

for (const url of ASTRAY) {
  test(`a raw request to ${JSON.stringify(url)} is refused before it is sent`, async () => {
    const running = runEntry(client, 'makeRawRequest', {}, { url, method: 'GET' })
    await assert.rejects(running, (error) => {
      assert.ok(error instanceof ConnectorError, String(error))
      assert.equal(error.facts['field'], 'url')
      assert.doesNotMatch(error.message, /secret/)
      checkWords(error, token.value.reveal())
      return true
    })
  })
}
