import { exitCode } from '../exit-code.ts'
import { table } from '../table.ts'
import { show } from '../terminal.ts'
import type { Verb } from '../verb.ts'

export const alerts: Verb = {
  name: 'alerts',
  summary: 'List what needs somebody: secrets that expire, connections that broke',
  usage: '',
  takes: [0, 0],
  async run({ terminal, signal, hub }) {
    const { items } = await (await hub()).call('listAlerts', {}, { signal })
    show(terminal, items, () =>
      items.length === 0
        ? 'Nothing needs anybody.'
        : table(
            ['since', 'what', 'remedy'],
            items.map(({ raisedAt, explanation }) => [
              raisedAt.slice(0, 16).replace('T', ' '),
              explanation.what,
              explanation.remedy,
            ]),
          ),
    )
    return exitCode.done
  },
}
