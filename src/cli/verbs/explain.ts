import { exitCode } from '../exit-code.ts'
import { explanationLines } from '../explanation-view.ts'
import { show } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import type { Verb } from '../verb.ts'

export const explain: Verb = {
  name: 'explain',
  summary: "Explain an error of Microsoft's: a number, or any text pasted from its pages or a log",
  usage: '<text or number>, or the text by a pipe',
  local: true,
  takes: [0, 50],
  async run({ positionals, terminal, signal }) {
    const text = positionals.length > 0 ? positionals.join(' ') : await terminal.readPiped(signal)
    if (text === undefined || text.trim() === '')
      throw new UsageError(explain, 'There is no text to explain.')
    const { explainText } = await import('../../oauth/catalogue/index.ts')
    const found = explainText(text)
    if (found.length === 0)
      terminal.note('No error in this text is known. docs/errors.md lists those that are.')
    if (found.length > 0 || terminal.json)
      show(terminal, found, () =>
        found.flatMap((each) => explanationLines(terminal.results, each, 'bold')).join('\n'),
      )
    return found.length > 0 ? exitCode.done : exitCode.failed
  },
}
