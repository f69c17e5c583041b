import { readFileSync } from 'node:fs'

// Loaded before each test file: the cases of a property test are the same in every run, so that what passed
// here passes there. Another seed looks elsewhere: FAIRLEAD_TEST_SEED=7 npm test.
const file = process.argv[1]
if (file !== undefined && readFileSync(file, 'utf8').includes("from 'fast-check'")) {
  const { configureGlobal } = await import('fast-check')
  configureGlobal({ seed: Number(process.env['FAIRLEAD_TEST_SEED'] ?? 20_261_123) })
}
