import type { HubClient } from '../../http/client/index.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { pick } from '../references.ts'
import { type Report, reportLine, stageLines } from '../stage-view.ts'
import { show } from '../terminal.ts'
import type { Call, Verb } from '../verb.ts'

export const verify: Verb = {
  name: 'verify',
  summary: 'Verify a Credential, stage by stage',
  usage: '<credential>',
  takes: [1, 1],
  async run(call) {
    const client = await call.hub()
    const { items } = await client.call('listCredentials', {}, { signal: call.signal })
    const { id } = pick('Credential', items, call.positionals[0] ?? '')
    const report = await verifyCredential(client, id, call)
    show(call.terminal, report, () => reportLine(call.terminal.results, report))
    return exitCodeOf(report)
  },
}

/** Verifies while the person watches; the report is the result. */
export async function verifyCredential(
  client: HubClient,
  id: string,
  { terminal, signal }: Pick<Call, 'terminal' | 'signal'>,
): Promise<Report> {
  let report: Report | undefined
  for await (const line of client.stream('verify', { params: { id } }, { signal })) {
    if (line.kind === 'report') report = line.report
    else for (const text of stageLines(terminal.notes, line.stage)) terminal.note(text)
  }
  // The hub ends such a stream with the report, or with an error that was thrown above.
  if (!report) throw new Error('The verification ended without a report.')
  return report
}

/** How a verification ends the command line. */
export function exitCodeOf({ verified }: Report): ExitCode {
  return verified ? exitCode.done : exitCode.notVerified
}
