import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { ConfigurationError, readConfiguration, variables } from './configuration.ts'

const nowhere = { folder: '/nowhere', exists: () => false }

function refusal(environment: Record<string, string>): ConfigurationError {
  try {
    readConfiguration(environment, nowhere)
  } catch (error) {
    assert.ok(error instanceof ConfigurationError)
    return error
  }
  return assert.fail('the configuration was accepted')
}

test('without any setting the hub listens on loopback and calls itself localhost', () => {
  const configuration = readConfiguration({}, nowhere)
  assert.equal(configuration.publicUrl.href, 'http://localhost:4000/')
  assert.equal(configuration.host, '127.0.0.1')
  assert.equal(configuration.port, 4000)
})

test('every setting that cannot be used is named', () => {
  const bad = {
    FAIRLEAD_PUBLIC_URL: 'fairlead.example.com',
    FAIRLEAD_PORT: '70000',
    DATABASE_URL: 'mysql://root:pass@host/db',
    FAIRLEAD_ALLOWED_ORIGINS: 'https://login.example.com/path',
    FAIRLEAD_CONNECT_TO: 'login.windows.net=127.0.0.1',
    FAIRLEAD_CA_FILE: '/nowhere/ca.pem',
    FAIRLEAD_TRUSTED_PROXIES: 'one',
    FAIRLEAD_LOG_LEVEL: 'loud',
    HTTPS_PROXY: 'socks://proxy',
  }
  for (const [variable, value] of Object.entries(bad)) {
    assert.equal(refusal({ [variable]: value }).facts['variable'], variable)
  }
})

test('a refused database address does not repeat its password', () => {
  assert.doesNotMatch(inspect(refusal({ DATABASE_URL: 'mysql://root:hunter2@host/db' })), /hunter2/)
})

test('a folder named .fairlead where the command was started is the data folder', () => {
  const here = { folder: '/checkout', exists: (path: string) => path === '/checkout/.fairlead' }
  assert.equal(readConfiguration({}, here).dataFolder, '/checkout/.fairlead')
})

test('the environment wins over the file, and a misspelt setting in the file is refused', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-configuration-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'fairlead.env')
  const place = { folder, exists: () => true }
  writeFileSync(file, 'FAIRLEAD_PLATFORM_NAME=File\nFAIRLEAD_PORT=4444\n')
  const environment = { FAIRLEAD_DATA_FOLDER: folder, FAIRLEAD_PLATFORM_NAME: 'Environment' }
  const configuration = readConfiguration(environment, place)
  assert.deepEqual([configuration.platformName, configuration.port], ['Environment', 4444])
  writeFileSync(file, 'FAIRLEAD_PLATFROM_NAME=x\n')
  assert.throws(() => readConfiguration(environment, place), /FAIRLEAD_PLATFROM_NAME/)
})

test('what a room refuses is told with the name of the variable', () => {
  const refused = (environment: Record<string, string>, pattern: RegExp) =>
    assert.throws(
      () => readConfiguration(environment, nowhere),
      (error) =>
        error instanceof ConfigurationError &&
        error.facts['variable'] === Object.keys(environment)[0] &&
        pattern.test(error.explanation.why),
    )
  refused({ FAIRLEAD_PUBLIC_URL: 'http://hub.example.com' }, /in the clear/)
  refused({ FAIRLEAD_ALLOWED_ORIGINS: 'http://10.0.0.1' }, /in clear/)
})

test('a connection map is read pair by pair', () => {
  const environment = { FAIRLEAD_CONNECT_TO: 'login.windows.net:443=127.0.0.1:8443, a:1=b:2' }
  assert.deepEqual(readConfiguration(environment, nowhere).connectTo, {
    'login.windows.net:443': '127.0.0.1:8443',
    'a:1': 'b:2',
  })
})

test('the documentation names every setting', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8')
  for (const variable of Object.keys(variables)) assert.match(page, new RegExp(`\`${variable}\``))
})
