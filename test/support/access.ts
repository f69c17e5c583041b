import { type Access, createAccess } from '../../src/hub/access/index.ts'
import { createAuditLog } from '../../src/hub/audit/index.ts'
import type { Store } from '../../src/hub/store/index.ts'
import { Secret, systemRandom } from '../../src/kernel/index.ts'
import { testDatabase } from './database.ts'
import { FakeClock } from './fake-clock.ts'

const PUBLIC_URL = new URL('http://localhost:4000')
export const PASSWORD = new Secret('correct horse battery staple')

export interface TestAccess extends AsyncDisposable {
  readonly access: Access
  readonly store: Store
  readonly clock: FakeClock
  /** Makes a link for the first user and takes the token out of it. */
  setupToken(): Promise<Secret>
  /** Makes the first user and signs in. */
  begin(name?: string): ReturnType<Access['useSetupLink']>
}

/** Opens access over a database of its own; passwords are hashed cheaply. */
export async function testAccess(publicUrl: URL = PUBLIC_URL): Promise<TestAccess> {
  const database = await testDatabase()
  const store = await database.open()
  const clock = new FakeClock()
  const access = createAccess({
    store,
    clock,
    random: systemRandom,
    audit: createAuditLog({ store, clock }),
    publicUrl,
    passwordCost: { ln: 4, r: 8, p: 1 },
  })
  const setupToken = async () => tokenOf((await access.firstLink())?.url)
  return {
    access,
    store,
    clock,
    setupToken,
    begin: async (name = 'Ada') =>
      access.useSetupLink({ token: await setupToken(), name, password: PASSWORD }),
    [Symbol.asyncDispose]: async () => {
      await store.close()
      await database.drop()
    },
  }
}

/** Takes the token out of a set-up link. */
export function tokenOf(url: Secret | undefined): Secret {
  return new Secret(url?.reveal().split('/').at(-1) ?? '')
}
