import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildComponent } from './build-component.ts'
import { root, run } from './command.ts'
import { joinRooms } from './join-rooms.ts'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

const entryPoints = ['connector', 'dataverse', 'kernel', 'oauth', 'transport']

/** Compiles the packages into `build/`, each as it is published. */
export async function build(): Promise<boolean> {
  rmSync(join(root, 'build'), { recursive: true, force: true })
  const compiled =
    (await run('tsc', ['-p', 'tsconfig.build.json'])) === 0 &&
    (await run('tsc', ['-p', 'sandbox/tsconfig.build.json'])) === 0
  if (!compiled) return false
  await buildComponent()
  await joinRooms(join(root, 'build/fairlead/dist'))
  packProduct()
  packSandbox()
  return true
}

function packProduct(): void {
  const { name, version, description, license, type, dependencies, optionalDependencies } =
    readManifest('package.json')
  // The Node that comes with a checkout stays there: whoever installs the package has one.
  const binaries = Object.entries(optionalDependencies ?? {}).filter(
    ([dependency]) => !dependency.startsWith('node-'),
  )
  write('build/fairlead/package.json', {
    ...{ name, version, description, license, type },
    engines: { node: '>=22.19' },
    bin: { fairlead: 'bin/fairlead.cjs' },
    exports: {
      '.': entry('index'),
      ...Object.fromEntries(entryPoints.map((room) => [`./${room}`, entry(`${room}/index`)])),
      './package.json': './package.json',
    },
    sideEffects: false,
    files: ['bin', 'dist', 'docs', 'NOTICE'],
    dependencies: { ...dependencies, 'fairlead-sandbox': version },
    optionalDependencies: Object.fromEntries(binaries),
  })
  for (const path of ['bin', 'docs', 'README.md', 'LICENSE', 'NOTICE', 'CHANGELOG.md'])
    cpSync(join(root, path), join(root, 'build/fairlead', path), { recursive: true })
  // What the pages refer to lies beside the modules that read it.
  const assets = 'http/pages/assets'
  cpSync(join(root, 'src', assets), join(root, 'build/fairlead/dist', assets), { recursive: true })
}

function packSandbox(): void {
  const { name, version, description, license, type, bin, dependencies } =
    readManifest('sandbox/package.json')
  write('build/fairlead-sandbox/package.json', {
    ...{ name, version, description, license, type, bin },
    engines: { node: '>=22.19' },
    files: ['bin', 'data', 'dist', 'NOTICE'],
    dependencies,
  })
  for (const path of ['bin', 'data', 'README.md'])
    cpSync(join(root, 'sandbox', path), join(root, 'build/fairlead-sandbox', path), {
      recursive: true,
    })
  for (const path of ['LICENSE', 'NOTICE'])
    cpSync(join(root, path), join(root, 'build/fairlead-sandbox', path))
}

function entry(path: string): { readonly types: string; readonly default: string } {
  return { types: `./dist/${path}.d.ts`, default: `./dist/${path}.js` }
}

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest
}

function write(path: string, manifest: Readonly<Record<string, unknown>>): void {
  writeText(path, `${JSON.stringify(manifest, undefined, 2)}\n`)
}

function writeText(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), text)
}

if (process.argv[1] === import.meta.filename) process.exitCode = (await build()) ? 0 : 1
