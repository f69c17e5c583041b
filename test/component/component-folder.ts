import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { componentJson } from '../../component/src/component-json.ts'
import { manifest } from '../../src/connector/index.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const root = join(import.meta.dirname, '../..')
// A built component with its dependencies, to be tested in the place of the sources.
const built = process.env['FAIRLEAD_TEST_COMPONENT']
const program = `require(${JSON.stringify(join(root, 'component/src/process.ts'))}).component`

/** The runtime's program of this name, of the checkout or of what was built. */
export const runtimeProgram = (
  name: 'lib/service.js' | 'run.js' | 'runService.js',
  place = built ?? root,
) => join(place, 'node_modules/elasticio-sailor-nodejs', name)

/** A folder that looks to the runtime like the built component, and runs the sources. */
export async function componentFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  if (built !== undefined) return { path: built, [Symbol.asyncDispose]: async () => undefined }
  const folder = await temporaryFolder()
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder.path, path)), { recursive: true })
    await writeFile(join(folder.path, path), text)
  }
  await write('component.json', JSON.stringify(componentJson(manifest, '0.0.0')))
  await write('package.json', '{ "name": "component-under-test", "version": "0.0.0" }')
  for (const { name, kind } of [...manifest.triggers, ...manifest.actions]) {
    const place = kind === 'action' ? 'actions' : 'triggers'
    await write(`${place}/${name}.js`, `module.exports = ${program}.module('${name}')\n`)
  }
  await write(
    'verifyCredentials.js',
    `const component = ${program}\n` +
      'module.exports = function (cfg) { return component.verifyCredentials(this, cfg) }\n',
  )
  return folder
}
