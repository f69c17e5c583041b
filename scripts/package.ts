import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { build } from './build.ts'
import { output, root, run, toolEnvironment } from './command.ts'

// The packages as they would be published: their shape, and that they work outside the checkout.
const passed =
  (await build()) &&
  (await run('publint', ['--strict', 'build/fairlead'])) === 0 &&
  (await run('attw', ['--pack', 'build/fairlead', '--profile', 'esm-only', '--quiet'])) === 0 &&
  (await worksElsewhere())
process.exitCode = passed ? 0 : 1

/** Installs what was built beside the checkout's dependencies and uses it there. */
async function worksElsewhere(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-package-'))
  try {
    install(folder)
    writeFileSync(
      join(folder, 'use.mjs'),
      `import { DataverseClient } from 'fairlead/dataverse'
import { createClient, explainText } from 'fairlead'
if (explainText('AADSTS50194').length !== 1) throw new Error('explained nothing')
createClient({ url: new URL('http://localhost:4000') })
console.log(typeof DataverseClient)
`,
    )
    const used = await output(process.execPath, ['use.mjs'], { cwd: folder, timeoutMs: 30_000 })
    const program = join('node_modules/fairlead/bin/fairlead.cjs')
    const explained = await output(process.execPath, [program, 'explain', '7000215'], {
      cwd: folder,
      timeoutMs: 30_000,
    })
    const works = used.stdout.trim() === 'function' && explained.stdout.includes('7000215')
    return works && (await servesPages(folder, program))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// The pages read files that lie beside the modules: nothing but a look at them shows that all came along.
async function servesPages(folder: string, program: string): Promise<boolean> {
  const environment = { FAIRLEAD_DATA_FOLDER: join(folder, 'data'), FAIRLEAD_PORT: '0' }
  const hub = spawn(process.execPath, [program, 'serve'], {
    cwd: folder,
    env: { ...toolEnvironment, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 60_000,
  })
  const ended = once(hub, 'exit')
  try {
    const url = await addressIn(hub.stderr)
    const pages = ['/login', '/guide', '/errors', '/docs']
    const style = /\/assets\/\w+\.css/.exec(await (await fetch(new URL('/login', url))).text())
    const answers = await Promise.all(
      [...pages, style?.[0] ?? '/none'].map((path) => fetch(new URL(path, url))),
    )
    for (const { url: page, status } of answers) if (status !== 200) console.error(page, status)
    return answers.every(({ ok }) => ok)
  } finally {
    hub.kill('SIGTERM')
    await ended
  }
}

// What it says further is read too, so that it can always go on.
function addressIn(lines: Readable): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    lines.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const url = /"event":"hub started".*"url":"([^"]+)"/.exec(text)?.[1]
      if (url !== undefined) resolve(url)
    })
    lines.once('end', () => reject(new Error(`The packaged hub did not start: ${text}`)))
  })
}

// What npm would fetch is here already; only our own packages are the built ones.
function install(folder: string): void {
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  for (const name of readdirSync(join(root, 'node_modules')))
    if (!name.startsWith('.') && !name.startsWith('fairlead'))
      symlinkSync(join(root, 'node_modules', name), join(modules, name))
  for (const name of ['fairlead', 'fairlead-sandbox'])
    cpSync(join(root, 'build', name), join(modules, name), { recursive: true })
}
