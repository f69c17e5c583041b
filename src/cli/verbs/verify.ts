import type { HubClient } from '../../http/client/index.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { pick } from '../references.ts'
import { type Report, reportLine, stageLines } from '../stage-view.ts'
import type { Terminal } from '../terminal.ts'
import type { Verb } from '../verb.ts'

export const verify: Verb = {
  name: 'verify',
  summary: 'Verify a Credential, stage by stage',
  usage: '<credential>',
  takes: [1, 1],
  async run({ positionals, terminal, signal, hub }) {
    const client = await hub()
    const { items } = await client.call('listCredentials', {}, { signal })
    const { id } = pick('Credential', items, positionals[0] ?? '')
    return verifyCredential(client, id, terminal, signal)
  },
}

/** Verifies while the person watches; the report is the result. */
export async function verifyCredential(
  client: HubClient,
  id: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  let report: Report | undefined
  for await (const line of client.stream('verify', { params: { id } }, { signal })) {
    if (line.kind === 'report') report = line.report
    else for (const text of stageLines(terminal, line.stage)) terminal.note(text)
  }
  if (!report) return exitCode.failed
  if (terminal.json) terminal.out(JSON.stringify(report))
  terminal.note(reportLine(terminal, report))
  return report.verified ? exitCode.done : exitCode.notVerified
}
