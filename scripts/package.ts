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
import { build } from './build.ts'
import { output, root, run } from './command.ts'

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
    return used.stdout.trim() === 'function' && explained.stdout.includes('7000215')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
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
