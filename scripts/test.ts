import { checkAll } from './check.ts'
import { runTestFiles } from './test-run.ts'

// Beside each other: tests that wait leave a core to the checks.
const [brokenChecks, counts] = await Promise.all([
  checkAll(1),
  runTestFiles(['src/**/*.test.ts', 'sandbox/**/*.test.ts', 'test/**/*.test.ts'], {
    except: ['test/services/**'],
    timeoutMs: 120_000,
  }),
])
for (const name of brokenChecks) console.error(`FAILED  ${name}`)
const failed = counts.failed + brokenChecks.length
console.log(`${counts.passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
