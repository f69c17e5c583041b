import { after } from 'node:test'
import { type HubOptions, type TestHub, testHub } from './hub.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'

/** A sandbox and a hub over it for the tests of one file; both are gone after the last of them. */
export async function sandboxHub(
  options: HubOptions = {},
): Promise<{ readonly sandbox: Sandbox; readonly hub: TestHub }> {
  const sandbox = await startSandbox()
  const hub = await testHub(sandbox, options)
  after(async () => {
    await hub[Symbol.asyncDispose]()
    await sandbox.close()
  })
  return { sandbox, hub }
}
