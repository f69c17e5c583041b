import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Environment, fairlead, settings, startFairlead } from './command-line.ts'
import { startSandbox } from './sandbox.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Starts a hub in a process of its own over a sandbox, for commands beside it, and ends both with the tests. */
export async function startServedHub(
  suite: { after(end: () => Promise<void>): void },
  { rows }: { readonly rows: number },
) {
  const folder = await temporaryFolder()
  const sandbox = await startSandbox({ rows })
  const env = settings(folder.path, sandbox.description)
  const hub = startFairlead(['serve', '--json'], env)
  suite.after(async () => {
    hub.process.kill('SIGTERM')
    await hub.ended()
    await sandbox.close()
    await folder[Symbol.asyncDispose]()
  })
  const [, url = ''] = await hub.seen(/"url":"([^"]+)"/)
  const { orgUrl, clientId, clientSecret } = sandbox.description
  const connectApp = async (name: string) => {
    const secretFile = join(folder.path, 'secret')
    writeFileSync(secretFile, `${clientSecret}\n`)
    const proof = ['--client-id', clientId, '--secret-file', secretFile]
    await done(['connect', orgUrl, '--app', '--name', name, ...proof], env)
  }
  return { hub, url, env, sandbox, folder: folder.path, connectApp }
}

/** Runs a command that has to succeed; answers with what it wrote. */
export async function done(words: readonly string[], env: Environment): Promise<string> {
  const { code, stdout, stderr } = await fairlead(words, env)
  assert.equal(code, 0, stderr)
  return stdout.trim()
}
