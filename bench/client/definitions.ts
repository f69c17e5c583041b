import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { median } from '../measure.ts'
import type { Part } from '../part.ts'
import { printBars } from '../table.ts'
import type { DefinitionsTaken } from './read-definitions.ts'

/** The definitions behind a form, of an organization with 866 entity types. */
export const definitions: Part = {
  name: 'definitions',
  run: async ({ rounds }) => {
    const taken: DefinitionsTaken[] = []
    const program = join(import.meta.dirname, 'read-definitions.ts')
    for (let round = 0; round < rounds; round += 1) {
      const { stdout } = await promisify(execFile)(process.execPath, [program])
      taken.push(JSON.parse(stdout))
    }
    const typical = (measure: keyof DefinitionsTaken) => median(taken.map((one) => one[measure]))
    console.log('Definitions of a sandbox with 866 entity types, a fresh process each')
    printBars([
      { what: 'ms for the list of tables, cold', value: typical('coldList'), atMost: 2_000 },
      { what: 'ms for the list of tables, from disk', value: typical('warmList'), atMost: 300 },
      { what: 'ms for one table, cold', value: typical('coldTable'), atMost: 2_000 },
      { what: 'ms for one table, from disk', value: typical('warmTable'), atMost: 300 },
      { what: 'peak MB', value: typical('peakMb'), atMost: 150 },
    ])
  },
}
