import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../../test/support/database.ts'
import { untilEnd } from '../../../test/support/until-end.ts'
import { ada, clientInput, vaultOver } from '../../../test/support/vault.ts'
import { Secret } from '../../kernel/index.ts'
import type { Store } from '../store/index.ts'
import { keyFile, retiredKeyFile } from './key-file.ts'

const root = mkdtempSync(join(tmpdir(), 'fairlead-rotation-'))
after(() => rmSync(root, { recursive: true, force: true }))

async function withClients(store: Store, count: number, folder = mkdtempSync(join(root, 'keys-'))) {
  const made = await vaultOver(store, { source: { folder } })
  for (let index = 0; index < count; index += 1) {
    const name = `App ${index}`
    const secret = new Secret(`secret-value-number-${index}`)
    await made.vault.authClients.create(ada, { ...clientInput(), name, secret })
  }
  return { ...made, folder }
}

const keyIdsIn = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':')[0])

test('after a rotation everything is sealed under the new key, and the former is out of use', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const store = keep(await database.open())
  const { vault, folder, close } = await withClients(store, 5)
  const [former] = keyIdsIn(keyFile(folder))
  const stages = new Set<string>()
  const result = await vault.rotateKeys(ada, { onProgress: ({ stage }) => stages.add(stage) })
  assert.deepEqual(result, { keyId: result.keyId, retired: [former], count: 5 })
  assert.deepEqual(keyIdsIn(keyFile(folder)), [result.keyId])
  assert.deepEqual(keyIdsIn(retiredKeyFile(folder)), [former])
  assert.deepEqual([...stages], ['sealing', 'verifying'])
  const { rows } = await sql<{ id: string }>`
    select distinct split_part(secret, '.', 2) as id from auth_client_secrets`.execute(store.db)
  assert.deepEqual(rows, [{ id: result.keyId }])
  await close()
})

test('another process goes on while keys are rotated under it', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const store = keep(await database.open())
  const elsewhere = keep(await database.open())
  const first = await withClients(store, 30)
  const second = await vaultOver(elsewhere, { source: { folder: first.folder } })
  const writing = Promise.all(
    Array.from({ length: 30 }, async (_, index) => {
      const secret = new Secret(`written-meanwhile-${index}`)
      await second.vault.authClients.create(ada, { ...clientInput(), secret })
    }),
  )
  await first.vault.rotateKeys(ada)
  await writing
  const { count } = await second.vault.rotateKeys(ada)
  assert.equal(count, 60)
  await first.close()
  await second.close()
})

test('a rotation that was stopped goes on with the same key', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const store = keep(await database.open())
  const { vault, folder, close } = await withClients(store, 3)
  const stopping = new AbortController()
  stopping.abort(new Error('stopped'))
  await assert.rejects(vault.rotateKeys(ada, { signal: stopping.signal }), { message: 'stopped' })
  const [begun] = keyIdsIn(keyFile(folder))
  const { keyId, count } = await vault.rotateKeys(ada)
  assert.equal(keyId, begun)
  assert.equal(count, 3)
  await close()
})

test('a damaged value stops a rotation while its key is still there', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const store = keep(await database.open())
  const { vault, folder, close } = await withClients(store, 2)
  await sql`update auth_client_secrets set secret = overlay(secret placing 'AAAA' from 40)`.execute(
    store.db,
  )
  await assert.rejects(vault.rotateKeys(ada), { code: 'ciphertext_invalid' })
  assert.equal(keyIdsIn(keyFile(folder)).length, 2)
  await close()
})

test('keys from the configuration are rotated by putting a new one first', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const store = keep(await database.open())
  const { vault, close } = await vaultOver(store)
  await assert.rejects(vault.rotateKeys(ada), { code: 'rotation_refused' })
  await close()
})

test('a rotation is in the audit log', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const store = keep(await database.open())
  const { vault, audit, close } = await withClients(store, 0)
  const { keyId } = await vault.rotateKeys(ada)
  const { entries } = await audit.list('default')
  assert.equal(entries[0]?.action, 'keys.rotated')
  assert.equal(entries[0]?.subject.id, keyId)
  await close()
})
