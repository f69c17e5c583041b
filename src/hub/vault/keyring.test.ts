import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import { untilEnd } from '../../../test/support/until-end.ts'
import { Secret, silentLogger, systemClock, systemRandom } from '../../kernel/index.ts'
import type { Store } from '../store/index.ts'
import type { Place } from './envelope.ts'
import { type KeySource, keyFile } from './key-file.ts'
import { formatKeys, generateKey } from './key-text.ts'
import { openKeyring } from './keyring.ts'

const place: Place = { workspaceId: 'w', table: 't', row: 'r', column: 'c' }
const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-keys-'))
  folders.push(folder)
  return folder
}

function openWith(store: Store, source: KeySource) {
  return openKeyring({
    store,
    source,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
  })
}

function sealIn(store: Store, keyring: Awaited<ReturnType<typeof openWith>>, text: string) {
  return store.transaction(async (db) => (await keyring.sealing(db))(new Secret(text), place))
}

test('an empty store gets a key file that only its owner can read', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const store = keep(await database.open())
  const folder = join(newFolder(), 'keys')
  const keyring = await openWith(store, { folder })
  assert.equal(statSync(keyFile(folder)).mode & 0o777, 0o600)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.equal(keyring.open(await sealIn(store, keyring, 'hush'), place).reveal(), 'hush')
})

test('hubs that start at the same moment on an empty store generate one key together', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const store = keep(await database.open())
  const folder = newFolder()
  const keyrings = await Promise.all([1, 2, 3, 4].map(() => openWith(store, { folder })))
  const [first, last] = [keyrings[0], keyrings[3]]
  assert.ok(first && last)
  assert.equal(last.open(await sealIn(store, first, 'hush'), place).reveal(), 'hush')
})

test('a store whose key is missing is not opened, and no key is made', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const store = keep(await database.open())
  await openWith(store, { folder: newFolder() })
  const folder = newFolder()
  await assert.rejects(openWith(store, { folder }), { code: 'key_missing' })
  assert.throws(() => readFileSync(keyFile(folder)), { code: 'ENOENT' })
})

test('a key with the right id and the wrong bytes is foreign', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const store = keep(await database.open())
  const key = generateKey(systemRandom, 0)
  await openWith(store, { text: new Secret(formatKeys([key])) })
  const other = { ...key, bytes: systemRandom.bytes(32) }
  await assert.rejects(openWith(store, { text: new Secret(formatKeys([other])) }), {
    code: 'key_foreign',
  })
})

test('the first key of the configuration is the active one, and the others still open', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const store = keep(await database.open())
  const [older, newer] = [generateKey(systemRandom, 0), generateKey(systemRandom, 1)]
  const before = await openWith(store, { text: new Secret(formatKeys([older])) })
  const sealed = await sealIn(store, before, 'hush')
  const keyring = await openWith(store, { text: new Secret(formatKeys([newer, older])) })
  assert.equal(keyring.open(sealed, place).reveal(), 'hush')
  assert.match(await sealIn(store, keyring, 'hush'), new RegExp(`^f1\\.${newer.id}\\.`))
})

test('a hub that runs reads a key that another process put into the file', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const store = keep(await database.open())
  const folder = newFolder()
  const running = await openWith(store, { folder })
  const added = generateKey(systemRandom, 1)
  const text = readFileSync(keyFile(folder), 'utf8')
  writeFileSync(keyFile(folder), formatKeys([added]) + text)
  const other = await openWith(store, { folder })
  const sealed = await sealIn(store, other, 'hush')
  assert.match(sealed, new RegExp(added.id))
  assert.equal(running.open(sealed, place).reveal(), 'hush')
})

test('a key file that others can read is refused', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const store = keep(await database.open())
  const folder = newFolder()
  writeFileSync(keyFile(folder), formatKeys([generateKey(systemRandom, 0)]), { mode: 0o644 })
  await assert.rejects(openWith(store, { folder }), { code: 'keys_invalid' })
})
