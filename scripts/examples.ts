import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { output, root, run } from './command.ts'

interface Example {
  readonly place: string
  readonly code: string
}

// Not below node_modules, where Node strips no types.
const folder = join(root, 'build/examples')

/** The entry points that a user imports, as the package will export them. */
const entryPoints = {
  fairlead: 'src/index.ts',
  'fairlead/dataverse': 'src/dataverse/index.ts',
  'fairlead/oauth': 'src/oauth/index.ts',
  'fairlead/connector': 'src/connector/index.ts',
  'fairlead/transport': 'src/transport/index.ts',
  'fairlead/kernel': 'src/kernel/index.ts',
}

/** Every TypeScript example of the documents and of the comments above exports. */
function findExamples(): readonly Example[] {
  const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).flatMap((file) =>
    fences(file, readFileSync(join(root, file), 'utf8')),
  )
  const comments = globSync('src/**/*.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap(
      ([comment]) => fences(file, comment.replace(/^\s*\* ?/gm, '')),
    ),
  )
  return [...documents, ...comments]
}

function fences(file: string, text: string): readonly Example[] {
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match) => ({
    place: `${file}:${text.slice(0, match.index).split('\n').length}`,
    code: match[1] ?? '',
  }))
}

const examples = findExamples()
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const files = examples.map(({ place, code }, index) => {
  const path = join(folder, `example-${index}.ts`)
  writeFileSync(path, `// ${place}\n${withEntryPoints(code)}\nexport {}\n`)
  return { path, place, runs: /\bassert\b/.test(code) }
})
writeFileSync(
  join(folder, 'tsconfig.json'),
  JSON.stringify({
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      noEmit: true,
      rewriteRelativeImportExtensions: false,
      allowImportingTsExtensions: true,
      noUnusedLocals: false,
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: ['*.ts'],
  }),
)
let failed = examples.length === 0 ? 1 : await run('tsc', ['-p', folder])
// An example that asserts is also run.
for (const { path, place } of files.filter(({ runs }) => runs)) {
  const { code } = await output(process.execPath, [path])
  if (code !== 0) console.error(`${place}: the example fails when it is run`)
  failed += code
}
rmSync(folder, { recursive: true, force: true })
console.log(`${examples.length} examples, ${files.filter(({ runs }) => runs).length} of them run`)
process.exitCode = failed === 0 ? 0 : 1

function withEntryPoints(code: string): string {
  return withPlace(code).replace(/from '(fairlead[^']*)'/g, (whole, name: string) => {
    const target = Object.entries(entryPoints).find(([entry]) => entry === name)?.[1]
    return target === undefined ? whole : `from '${join(root, target)}'`
  })
}

// An example that begins with the name of a file imports its neighbours as that file would.
function withPlace(code: string): string {
  const place = /^\/\/ (src\/\S+\.ts)\n/.exec(code)?.[1]
  if (place === undefined) return code
  const folder = join(root, dirname(place))
  return code.replace(/from '(\.[^']*)'/g, (_, path: string) => `from '${join(folder, path)}'`)
}
