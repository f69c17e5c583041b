import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { median } from '../measure.ts'
import type { Part } from '../part.ts'
import { printBars } from '../table.ts'
import { buildAll, builtEntry } from './built.ts'

/** How long `import 'fairlead/dataverse'` takes, above a Node that imports nothing. */
export const importing: Part = {
  name: 'import',
  run: async ({ rounds }) => {
    await buildAll()
    const bare: number[] = []
    const added: number[] = []
    const peer: number[] = []
    for (let round = 0; round < rounds * 5; round += 1) {
      const start = await startMs('')
      bare.push(start)
      added.push((await startMs(`await import('${builtEntry('dataverse')}')`)) - start)
      peer.push((await startMs(`await import('dynamics-web-api')`)) - start)
    }
    console.log(`Import, median of ${rounds * 5}`)
    console.log(
      `  a bare Node starts in ${median(bare).toFixed(0)} ms; the peer adds ${median(peer).toFixed(0)} ms`,
    )
    printBars([{ what: "ms more for 'fairlead/dataverse'", value: median(added), atMost: 60 }])
  },
}

async function startMs(program: string): Promise<number> {
  const begun = performance.now()
  const child = spawn(process.execPath, ['--input-type=module', '-e', program])
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`Node ended with ${code}.`)
  return performance.now() - begun
}
