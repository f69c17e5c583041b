import { output } from './command.ts'

interface Cruise {
  readonly modules: readonly { readonly source: string }[]
  readonly summary: {
    readonly totalCruised: number
    readonly violations: readonly {
      readonly from: string
      readonly to: string
      readonly rule: { readonly name: string }
    }[]
  }
}

/** Below these a green answer means that the tool did not see the code (it says so too on TypeScript 7). */
const leastSeen = { 'src/': 60, 'sandbox/src/': 25, 'component/src/': 10 }

/** Checks the import walls of docs/ARCHITECTURE.md, and that the checker saw the files. */
export async function checkWalls(): Promise<readonly string[]> {
  const { stdout } = await output('depcruise', [
    ...['src', 'sandbox/src', 'component/src', 'demo', 'test', 'bench', 'scripts'],
    ...['--config', 'dependency-cruiser.config.mjs', '--output-type', 'json'],
  ])
  const cruise = JSON.parse(stdout) as Cruise
  const faults = cruise.summary.violations.map(
    ({ rule, from, to }) => `${rule.name}: ${from} imports ${to}`,
  )
  for (const [folder, least] of Object.entries(leastSeen)) {
    const seen = cruise.modules.filter(({ source }) => source.startsWith(folder)).length
    if (seen < least) faults.push(`only ${seen} files of ${folder} were seen, expected ${least}`)
  }
  return faults
}

if (process.argv[1] === import.meta.filename) {
  const faults = await checkWalls()
  for (const fault of faults) console.error(fault)
  console.log(faults.length === 0 ? 'walls: all imports fall' : `walls: ${faults.length} faults`)
  process.exitCode = faults.length === 0 ? 0 : 1
}
