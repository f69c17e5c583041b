import type { HubClient } from '../../http/client/index.ts'
import type { Answer } from '../../http/contract/index.ts'
import { systemClock } from '../../kernel/index.ts'
import { paint, type Terminal } from '../terminal.ts'

type Flow = Answer<'startFlow'>

const pollMs = 500

/** Shows where to sign in, and waits until the flow has ended; answers whether it connected. */
export async function followFlow(
  client: HubClient,
  started: Flow,
  terminal: Terminal,
  signal: AbortSignal,
  offer: (url: URL) => Promise<void>,
): Promise<boolean> {
  if (started.url !== undefined && started.state === 'waiting') {
    terminal.note(`Sign in at ${paint(terminal, 'bold', started.url)}`)
    if (started.userCode !== undefined) terminal.note(`and enter the code ${started.userCode}`)
    await offer(new URL(started.url))
  }
  let flow = started
  while (flow.state === 'waiting') {
    await systemClock.sleep(pollMs, signal)
    flow = await client.call('getFlow', { params: { id: started.id } }, { signal })
  }
  if (flow.state === 'succeeded') return true
  const { failure } = flow
  terminal.note(paint(terminal, 'red', failure?.what ?? 'Nobody signed in in time.'))
  if (failure) {
    terminal.note(`  why     ${failure.why}`)
    terminal.note(`  remedy  ${failure.remedy}`)
  }
  if (terminal.json) terminal.out(JSON.stringify(flow))
  return false
}
