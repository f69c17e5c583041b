import { once } from 'node:events'
import { exitCode } from '../exit-code.ts'
import { show } from '../terminal.ts'
import type { Verb } from '../verb.ts'

export const serve: Verb = {
  name: 'serve',
  summary: 'Run the hub; configured by environment variables or a file, see docs/configuration.md',
  usage: '',
  local: true,
  takes: [0, 0],
  async run({ terminal, signal, configuration }) {
    const { startHub } = await import('../../main.ts')
    const hub = await startHub(await configuration(), { signal })
    const { url, redirectUri, platformName, setUpLink } = hub
    show(
      terminal,
      { url: url.origin, redirectUri },
      () => `${platformName} listens at ${url.origin}; redirect address ${redirectUri}`,
    )
    if (setUpLink) terminal.note(`First user: open ${setUpLink.reveal()} (once, within a day)`)
    if (!signal.aborted) await once(signal, 'abort')
    await hub[Symbol.asyncDispose]()
    return exitCode.done
  },
}
