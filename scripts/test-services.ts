import { type DebianProgram, provide } from './debian.ts'
import { runTestFiles } from './test-run.ts'

/** What each folder of test/services needs, and the variable that tells its tests where it is. */
const services: readonly {
  readonly folder: string
  readonly variable: string
  readonly program: DebianProgram
}[] = [
  {
    folder: 'test/services/browser',
    variable: 'FAIRLEAD_TEST_CHROMIUM',
    program: { name: 'chromium', package: 'chromium' },
  },
  {
    folder: 'test/services/broker',
    variable: 'FAIRLEAD_TEST_RABBITMQ',
    program: { name: 'rabbitmq-server', package: 'rabbitmq-server' },
  },
]

let passed = 0
let failed = 0
for (const { folder, variable, program } of services) {
  const found = await provide(program)
  if (!found) {
    console.error(
      `FAILED  ${folder} did not run: ${program.name} could neither be found nor installed`,
    )
    failed += 1
    continue
  }
  process.env[variable] = found.path
  if (found.libraryPath !== undefined) process.env[`${variable}_LIBRARIES`] = found.libraryPath
  const counts = await runTestFiles([`${folder}/**/*.test.ts`], { timeoutMs: 300_000 })
  passed += counts.passed
  failed += counts.failed
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
