import assert from 'node:assert/strict'
import { chmod, mkdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { privateFolder } from '../../component/src/private-folder.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

test('the folder for what processes keep is this user’s own, and closed to others', async () => {
  await using temporary = await temporaryFolder()
  process.env['TMPDIR'] = temporary.path
  const folder = join(temporary.path, `fairlead-component-${process.getuid?.()}`)
  assert.equal(privateFolder(), folder)
  assert.equal((await stat(folder)).mode & 0o777, 0o700)
  assert.equal(privateFolder(), folder)
  for (const mode of [0o770, 0o707, 0o750]) {
    await chmod(folder, mode)
    assert.equal(privateFolder(), undefined)
  }
  await rm(folder, { recursive: true })
  const elsewhere = join(temporary.path, 'elsewhere')
  await mkdir(elsewhere, { mode: 0o700 })
  await symlink(elsewhere, folder)
  assert.equal(privateFolder(), undefined)
  await rm(folder)
  await writeFile(folder, '')
  assert.equal(privateFolder(), undefined)
})
