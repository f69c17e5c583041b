import assert from 'node:assert/strict'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { checkAssertionFile, readAssertion } from './assertion-file.ts'

const place = await temporaryFolder()
after(() => place[Symbol.asyncDispose]())
const folder = join(place.path, 'tokens')
await mkdir(join(folder, '..data'), { recursive: true })
await writeFile(join(folder, '..data', 'token'), 'a.b.c\n')
await writeFile(join(place.path, 'other'), 'x.y.z')
const refused = { code: 'field_invalid' }

test('an assertion is read through the links that a platform keeps beside it', async () => {
  await symlink(join('..data', 'token'), join(folder, 'assertion'))
  assert.equal((await readAssertion(folder, join(folder, 'assertion'))).reveal(), 'a.b.c')
})

test('a link out of the folder is not followed', async () => {
  await symlink(join(place.path, 'other'), join(folder, 'stray'))
  await assert.rejects(readAssertion(folder, join(folder, 'stray')), refused)
})

for (const file of ['other', 'tokens', 'tokens/../other', 'tokens-of-others/assertion'])
  test(`"${file}" is not a file of the folder`, () => {
    assert.throws(() => checkAssertionFile(folder, join(place.path, 'tokens', '..', file)), refused)
  })

test('a relative path, and any path where no folder is named, is refused', () => {
  assert.throws(() => checkAssertionFile(folder, 'assertion'), refused)
  assert.throws(() => checkAssertionFile(undefined, join(folder, 'assertion')), refused)
})
