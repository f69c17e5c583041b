import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { median } from '../measure.ts'
import type { Part } from '../part.ts'
import { printBars } from '../table.ts'
import { timeFormProcesses } from './form-processes.ts'
import type { FormsTaken } from './read-forms.ts'

/** The forms of an action, of an organization with 866 entity types. */
export const forms: Part = {
  name: 'forms',
  run: async ({ rounds }) => {
    const taken: FormsTaken[] = []
    const program = join(import.meta.dirname, 'read-forms.ts')
    for (let round = 0; round < rounds; round += 1) {
      const { stdout } = await promisify(execFile)(process.execPath, [program])
      taken.push(JSON.parse(stdout))
    }
    const typical = (measure: keyof FormsTaken) => median(taken.map((one) => one[measure]))
    const kilobytes = Math.round(typical('kilobytes'))
    console.log(
      `Forms over a sandbox with 866 entity types, a fresh process each (${kilobytes} KB)`,
    )
    printBars([
      { what: 'ms to search the tables, cold', value: typical('coldTables'), atMost: 2_000 },
      { what: 'ms to search the tables, from disk', value: typical('warmTables'), atMost: 300 },
      { what: 'ms for one table’s form, cold', value: typical('coldForm'), atMost: 2_000 },
      { what: 'ms for one table’s form, from disk', value: typical('warmForm'), atMost: 300 },
      { what: 'peak MB', value: typical('peakMb'), atMost: 150 },
    ])
    const { form, empty } = await timeFormProcesses(rounds * 3)
    console.log(
      'A form as a process of the platform’s runtime, from start to end; ' +
        `an empty component takes it ${empty.toFixed(0)} ms`,
    )
    printBars([{ what: 'ms for one table’s form, from disk', value: form, atMost: 300 }])
  },
}
