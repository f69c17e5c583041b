import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { componentJson } from '../component/src/component-json.ts'
import { manifest } from '../src/connector/index.ts'
import { root } from './command.ts'
import { componentDocs } from './component-docs.ts'

// Writes component/component.json and the page of its entries from the manifest; with --check it only compares.
const folder = join(root, 'component')
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
  readonly version: string
}
const files = {
  'component.json': `${JSON.stringify(componentJson(manifest, version), undefined, 2)}\n`,
  'TRIGGERS-AND-ACTIONS.md': componentDocs(manifest),
}
for (const [name, text] of Object.entries(files)) {
  const path = join(folder, name)
  const current = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (!process.argv.includes('--check')) writeFileSync(path, text)
  else if (current !== text) {
    console.error(`component/${name} is not current: node scripts/generate-component.ts`)
    process.exitCode = 1
  }
}
