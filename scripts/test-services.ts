import { type DebianProgram, provide } from './debian.ts'
import { runTestFiles } from './test-run.ts'

/** What each folder of test/services needs, and the variable that tells its tests where it is. */
const services: readonly {
  readonly folder: string
  readonly needs?: { readonly variable: string; readonly program: DebianProgram }
}[] = [
  {
    folder: 'test/services/browser',
    needs: {
      variable: 'FAIRLEAD_TEST_CHROMIUM',
      program: { name: 'chromium', package: 'chromium' },
    },
  },
  {
    folder: 'test/services/broker',
    needs: {
      variable: 'FAIRLEAD_TEST_RABBITMQ',
      program: { name: 'rabbitmq-server', package: 'rabbitmq-server' },
    },
  },
  { folder: 'test/services/package' },
]

let passed = 0
let failed = 0
for (const { folder, needs } of services) {
  if (needs !== undefined && !(await provideFor(needs))) {
    console.error(
      `FAILED  ${folder} did not run: ${needs.program.name} could neither be found nor installed`,
    )
    failed += 1
    continue
  }
  const counts = await runTestFiles([`${folder}/**/*.test.ts`], { timeoutMs: 300_000 })
  passed += counts.passed
  failed += counts.failed
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

async function provideFor({ variable, program }: NonNullable<(typeof services)[number]['needs']>) {
  const found = await provide(program)
  if (found === undefined) return false
  process.env[variable] = found.path
  if (found.libraryPath !== undefined) process.env[`${variable}_LIBRARIES`] = found.libraryPath
  return true
}
