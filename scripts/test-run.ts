import { globSync } from 'node:fs'
import { join } from 'node:path'
import { run as runTests } from 'node:test'
import { spec } from 'node:test/reporters'
import { pathToFileURL } from 'node:url'
import { root } from './command.ts'

export interface Counts {
  readonly passed: number
  readonly failed: number
}

/** Runs the test files that match, each in a process of its own, and counts the tests (not the suites). */
export async function runTestFiles(
  patterns: readonly string[],
  options: {
    readonly except?: readonly string[]
    readonly coverage?: boolean
    readonly timeoutMs: number
  },
): Promise<Counts> {
  const files = globSync([...patterns], {
    cwd: root,
    exclude: ['**/node_modules/**', ...(options.except ?? [])],
  }).sort()
  if (files.length === 0) {
    console.error(`FAILED  ${patterns.join(', ')} did not run: there is no such file`)
    return { passed: 0, failed: 1 }
  }
  const counts = { passed: 0, failed: 0 }
  const skipped: string[] = []
  const stream = runTests({
    files: [...files],
    cwd: root,
    concurrency: 3,
    timeout: options.timeoutMs,
    execArgv: ['--import', pathToFileURL(join(root, 'test/support/repeatable.ts')).href],
    ...(options.coverage === true && {
      coverage: true,
      coverageIncludeGlobs: ['src/**/*.ts', 'sandbox/src/**/*.ts'],
      coverageExcludeGlobs: ['**/*.test.ts'],
      lineCoverage: 85,
    }),
  })
  stream.on('test:pass', (event) => {
    if (event.details.type === 'suite' || isFile(event.name)) return
    if (event.skip === undefined && event.todo === undefined) counts.passed += 1
    else skipped.push(event.name)
  })
  stream.on('test:fail', (event) => {
    if (event.details.type !== 'suite') counts.failed += 1
  })
  for await (const text of stream.compose(spec)) process.stdout.write(String(text))
  // What did not run has proven nothing.
  for (const name of skipped) console.error(`FAILED  ${name} did not run: it was skipped`)
  return { passed: counts.passed, failed: counts.failed + skipped.length }
}

// Each file also reports itself once as a test: only its contents are counted.
function isFile(name: string): boolean {
  return name.endsWith('.test.ts')
}
