import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildComponent, builtComponent } from '../../scripts/build-component.ts'
import { root } from '../../scripts/command.ts'
import { callService, startPlatform } from '../../test/component/platform.ts'
import { startSandboxClient } from '../../test/dataverse/sandbox-client.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { median } from '../measure.ts'

const schema = new URL('../../sandbox/test/data/organization.edmx.gz', import.meta.url).pathname

/** What a form takes, in ms, as the platform asks for it: a process of its runtime for every question. */
export interface FormProcesses {
  /** One table's form, of which everything is on disk. */
  readonly form: number
  /** The same question to a component that answers at once: what the runtime takes by itself. */
  readonly empty: number
}

/** Asks both in turn, after a first question each. */
export async function timeFormProcesses(rounds: number): Promise<FormProcesses> {
  const ends: (() => Promise<void>)[] = []
  const suite = { after: (end: () => Promise<void>) => void ends.push(end) }
  await using folder = await temporaryFolder()
  try {
    const { sandbox, token } = await startSandboxClient(suite, { rows: 1, schema })
    const platform = await startPlatform(suite)
    const { orgUrl } = sandbox.description
    const credentials = { access_token: token.value.reveal(), fields: { baseUrl: orgUrl } }
    platform.secrets.set('good', { credentials, reads: 0, refreshes: 0 })
    const places = await writeComponents(folder.path)
    const ask = async (place: string) => {
      const begun = performance.now()
      const { status, log } = await callService(place, platform, {
        ...{ method: 'getMetaModel', entry: 'upsertObject', allowedOrigins: [orgUrl] },
        configuration: { secretId: 'good', objectType: 'account' },
      })
      if (status !== 'success') throw new Error(log)
      return performance.now() - begun
    }
    for (const place of [places.form, places.form, places.empty]) await ask(place)
    const taken: { form: number[]; empty: number[] } = { form: [], empty: [] }
    for (let round = 0; round < rounds; round += 1) {
      taken.form.push(await ask(places.form))
      taken.empty.push(await ask(places.empty))
    }
    return { form: median(taken.form), empty: median(taken.empty) }
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

async function writeComponents(folder: string): Promise<Record<keyof FormProcesses, string>> {
  await buildComponent()
  const [form, empty] = [join(folder, 'form'), join(folder, 'empty')]
  await cp(builtComponent, form, { recursive: true })
  await symlink(join(root, 'node_modules'), join(form, 'node_modules'))
  await mkdir(empty)
  const actions = { upsertObject: { main: './empty.js', title: 'Empty', fields: {} } }
  await writeFile(join(empty, 'component.json'), JSON.stringify({ title: 'Empty', actions }))
  await writeFile(join(empty, 'package.json'), '{ "name": "empty", "version": "0.0.0" }')
  const program = 'module.exports.getMetaModel = async () => ({ in: {}, out: {} })\n'
  await writeFile(join(empty, 'empty.js'), program)
  return { form, empty }
}
