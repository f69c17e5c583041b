import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { componentJson } from '../component/src/component-json.ts'
import { manifest } from '../src/connector/index.ts'
import { root } from './command.ts'

// Writes component/component.json from the manifest; with --check it only compares.
const path = join(root, 'component/component.json')
const { version } = JSON.parse(readFileSync(join(root, 'component/package.json'), 'utf8')) as {
  readonly version: string
}
const text = `${JSON.stringify(componentJson(manifest, version), undefined, 2)}\n`
const current = existsSync(path) ? readFileSync(path, 'utf8') : ''
if (!process.argv.includes('--check')) writeFileSync(path, text)
else if (current !== text) {
  console.error('component/component.json is not current: node scripts/generate-component.ts')
  process.exitCode = 1
}
