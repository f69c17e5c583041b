import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from './command.ts'

/** Where the component is built: its folder is what the platform runs. */
export const builtComponent = join(root, 'build/fairlead-component')

/** Who runs the component; its own modules have no need of it. */
const RUNTIME = 'elasticio-sailor-nodejs'

interface Description {
  readonly triggers: Entries
  readonly actions: Entries
}

type Entries = Readonly<Record<string, { readonly main: string }>>

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

/** Lays out the component's package. @throws Error for dependencies that are not what its modules require */
export async function buildComponent(): Promise<void> {
  rmSync(builtComponent, { recursive: true, force: true })
  const { dependencies } = writeManifest()
  const required = new Set([RUNTIME, ...(await joinModules())])
  const named = new Set(Object.keys(dependencies))
  const wrong = [...required, ...named].filter((name) => !(required.has(name) && named.has(name)))
  if (wrong.length > 0) throw new Error(`component/package.json is wrong about ${wrong}`)
  for (const path of ['component.json', 'README.md', 'TRIGGERS-AND-ACTIONS.md', 'logo.png'])
    cpSync(join(root, 'component', path), join(builtComponent, path))
  for (const path of ['LICENSE', 'NOTICE']) cpSync(join(root, path), join(builtComponent, path))
  writeModules(readJson<Description>('component/component.json'))
}

function writeManifest(): Manifest {
  const { name, version, description, license, dependencies, overrides } =
    readJson<Manifest>('component/package.json')
  const manifest = {
    ...{ name, version, description, license },
    type: 'commonjs',
    engines: { node: '>=22.19' },
    scripts: { start: `node node_modules/${RUNTIME}/run.js` },
    ...{ dependencies, overrides },
  }
  write('package.json', `${JSON.stringify(manifest, undefined, 2)}\n`)
  return manifest
}

// Every question of a form starts a process, for which hundreds of modules are half of the time. Names stay, for
// the stacks of errors. Gives the packages that are required.
async function joinModules(): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['component/src/process.ts'],
    outfile: join(builtComponent, 'lib/component.js'),
    bundle: true,
    packages: 'external',
    format: 'cjs',
    platform: 'node',
    target: 'node22.19',
    keepNames: true,
    metafile: true,
    logLevel: 'warning',
  })
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
  return imports.map(({ path }) => path).filter((path) => !isBuiltin(path))
}

// The runtime loads a module for each trigger and action, and one for the check of credentials, by `require`.
function writeModules({ triggers, actions }: Description): void {
  const program = (up: string) => `require('${up}/lib/component.js').component`
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
