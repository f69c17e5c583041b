import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './command.ts'
import { checkWalls } from './walls.ts'

/** What must hold besides the tests, those first that take longest. */
const steps: readonly { readonly name: string; check(): Promise<boolean> }[] = [
  { name: 'the packages as published', check: () => script('scripts/package.ts') },
  { name: 'types of the product', check: () => succeeds('tsc', ['-p', '.']) },
  { name: 'exports are documented', check: () => succeeds('typedoc', []) },
  { name: 'examples compile', check: () => script('scripts/examples.ts') },
  { name: 'types of the sandbox', check: () => succeeds('tsc', ['-p', 'sandbox']) },
  { name: 'format and lint', check: () => succeeds('biome', ['ci', '--error-on-warnings', '.']) },
  { name: 'walls between the rooms', check: wallsHold },
  { name: 'dead code', check: () => succeeds('knip', ['--no-progress']) },
  { name: 'error pages are current', check: () => script('scripts/generate-errors.ts') },
  { name: 'component.json is current', check: () => script('scripts/generate-component.ts') },
]

/** Runs every check, so many at a time: each keeps about one core busy. Answers with the names of those that failed. */
export async function checkAll(atOnce: number): Promise<readonly string[]> {
  const failed: string[] = []
  const left = [...steps]
  const worker = async () => {
    for (let step = left.shift(); step !== undefined; step = left.shift()) {
      const started = performance.now()
      const passed = await step.check()
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      console.log(`${passed ? 'passed' : 'FAILED'}  ${step.name} (${seconds} s)`)
      if (!passed) failed.push(step.name)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return failed
}

async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  return (await run(program, args)) === 0
}

async function script(path: string): Promise<boolean> {
  if (!existsSync(join(root, path))) return false
  return succeeds(process.execPath, [path, '--check'])
}

async function wallsHold(): Promise<boolean> {
  const faults = await checkWalls()
  for (const fault of faults) console.error(`  ${fault}`)
  return faults.length === 0
}

if (process.argv[1] === import.meta.filename)
  process.exitCode = (await checkAll(2)).length === 0 ? 0 : 1
