import { exitCode } from '../exit-code.ts'
import { explanationLines } from '../explanation-view.ts'
import { show } from '../terminal.ts'
import type { Verb } from '../verb.ts'

export const alerts: Verb = {
  name: 'alerts',
  summary:
    'List what needs somebody: secrets that expire, connections that broke, messages that were refused',
  usage: '',
  takes: [0, 0],
  async run({ terminal, signal, hub }) {
    const { items } = await (await hub()).call('listAlerts', {}, { signal })
    show(terminal, items, () =>
      items.length === 0
        ? 'Nothing needs anybody.'
        : items
            .flatMap(({ raisedAt, level, explanation }) => [
              ...explanationLines(
                terminal.results,
                explanation,
                level === 'error' ? 'red' : 'yellow',
              ),
              `  since   ${raisedAt.slice(0, 16).replace('T', ' ')} UTC`,
            ])
            .join('\n'),
    )
    return exitCode.done
  },
}
