import { once } from 'node:events'
import { startHub } from '../../main.ts'
import { exitCode } from '../exit-code.ts'
import type { Verb } from '../verb.ts'

export const serve: Verb = {
  name: 'serve',
  summary: 'Run the hub; configured by environment variables or a file, see docs/configuration.md',
  usage: '',
  takes: [0, 0],
  async run({ terminal, signal, configuration }) {
    await using hub = await startHub(configuration(), { signal })
    terminal.out(
      terminal.json
        ? JSON.stringify({ url: hub.url.origin, redirectUri: hub.redirectUri })
        : `${hub.platformName} listens at ${hub.url.origin}; redirect address ${hub.redirectUri}`,
    )
    if (hub.setUpLink)
      terminal.note(`First user: open ${hub.setUpLink.reveal()} (once, within a day)`)
    if (!signal.aborted) await once(signal, 'abort')
    return exitCode.done
  },
}
