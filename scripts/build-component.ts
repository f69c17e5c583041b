import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './command.ts'

/** Where the component is built: its folder is what the platform runs. */
export const builtComponent = join(root, 'build/fairlead-component')

interface Description {
  readonly triggers: Entries
  readonly actions: Entries
}

type Entries = Readonly<Record<string, { readonly main: string }>>

/** Compiles the component and lays out its package. */
export async function buildComponent(): Promise<boolean> {
  rmSync(builtComponent, { recursive: true, force: true })
  if ((await run('tsc', ['-p', 'component/tsconfig.build.json'])) !== 0) return false
  writeManifest()
  for (const path of ['component.json', 'README.md', 'TRIGGERS-AND-ACTIONS.md', 'logo.png'])
    cpSync(join(root, 'component', path), join(builtComponent, path))
  for (const path of ['LICENSE', 'NOTICE']) cpSync(join(root, path), join(builtComponent, path))
  writeModules(readJson<Description>('component/component.json'))
  return true
}

function writeManifest(): void {
  const { name, version, description, license, dependencies, overrides } =
    readJson<Readonly<Record<string, unknown>>>('component/package.json')
  const manifest = {
    ...{ name, version, description, license },
    type: 'commonjs',
    engines: { node: '>=22.19' },
    scripts: { start: 'node node_modules/elasticio-sailor-nodejs/run.js' },
    ...{ dependencies, overrides },
  }
  write('package.json', `${JSON.stringify(manifest, undefined, 2)}\n`)
}

// The runtime loads a module for each trigger and action, and one for the check of credentials, by `require`.
function writeModules({ triggers, actions }: Description): void {
  const program = (up: string) => `require('${up}/lib/component/src/process.js').component`
  for (const [entry, { main }] of Object.entries({ ...triggers, ...actions }))
    write(main, `module.exports = ${program('..')}.module('${entry}')\n`)
  write(
    'verifyCredentials.js',
    `const component = ${program('.')}\n` +
      'module.exports = function verifyCredentials(configuration) {\n' +
      '  return component.verifyCredentials(this, configuration)\n}\n',
  )
}

function readJson<Value>(path: string): Value {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as Value
}

function write(path: string, text: string): void {
  mkdirSync(join(builtComponent, path, '..'), { recursive: true })
  writeFileSync(join(builtComponent, path), text)
}
