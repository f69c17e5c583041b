import { explainText } from '../../main.ts'
import { exitCode } from '../exit-code.ts'
import { paint, show } from '../terminal.ts'
import type { Verb } from '../verb.ts'

export const explain: Verb = {
  name: 'explain',
  summary: "Explain an error of Microsoft's: a number, or any text pasted from its pages or a log",
  usage: '<text or number>',
  takes: [1, 50],
  async run({ positionals, terminal }) {
    const found = explainText(positionals.join(' '))
    show(terminal, found, () =>
      found
        .map(
          ({ code, what, why, remedy, who }) =>
            `${paint(terminal, 'bold', what)} (${code})\n  why     ${why}\n  remedy  ${remedy}\n  who     ${who}`,
        )
        .join('\n'),
    )
    return found.length > 0 ? exitCode.done : exitCode.failed
  },
}
