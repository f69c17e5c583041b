import { globSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

/** The rooms that the library `fairlead/dataverse` is made of; each is entered by its front door alone. */
const ROOMS = ['kernel', 'transport', 'dataverse']

/**
 * Joins the modules of each of the library's rooms into one file. Node needs about half a millisecond for
 * every module of a graph, which would be most of what importing the library takes.
 */
export async function joinRooms(dist: string): Promise<void> {
  for (const room of ROOMS) {
    const front = join(dist, room, 'index.js')
    await build({
      entryPoints: [front],
      outfile: front,
      allowOverwrite: true,
      bundle: true,
      packages: 'external',
      plugins: [otherRooms(dist, room)],
      format: 'esm',
      platform: 'node',
      target: 'node22.19',
      logLevel: 'warning',
    })
    for (const module of globSync(join(dist, room, '**/*.js'))) if (module !== front) rmSync(module)
  }
}

// A class that two files held would be two classes: other rooms stay where they are.
function otherRooms(dist: string, room: string): Plugin {
  const fronts = new Map(
    ROOMS.filter((other) => other !== room).map((other) => [
      join(dist, other, 'index.js'),
      `../${other}/index.js`,
    ]),
  )
  return {
    name: 'other rooms',
    setup: ({ onResolve }) => {
      onResolve({ filter: /^\.\.?\// }, ({ resolveDir, path }) => {
        const front = fronts.get(join(resolveDir, path))
        return front === undefined ? undefined : { path: front, external: true }
      })
    },
  }
}
