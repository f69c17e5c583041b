import type { HubClient } from '../../http/client/index.ts'
import type { Answer } from '../../http/contract/index.ts'
import { systemClock } from '../../kernel/index.ts'
import { explanationLines } from '../explanation-view.ts'
import type { Call } from '../verb.ts'
import { paint } from '../view.ts'

export type Flow = Answer<'startFlow'>

const pollMs = 500
// The browser is on its way to the page that shows the end, and a hub in this process ends with the program.
const lastPageMs = 1_500

/** Shows where to sign in, and waits until the flow has ended. */
export async function followFlow(
  client: HubClient,
  started: Flow,
  { terminal, signal }: Pick<Call, 'terminal' | 'signal'>,
  offer: (url: URL) => Promise<void>,
): Promise<Flow> {
  if (started.url !== undefined && started.state === 'waiting') {
    terminal.note(`Sign in at ${paint(terminal.notes, 'bold', started.url)}`)
    if (started.userCode !== undefined)
      terminal.note(`and enter the code ${paint(terminal.notes, 'bold', started.userCode)}`)
    else
      terminal.note(
        `The app has to allow the redirect address ${new URL('/callback/oauth2', started.url)} (Microsoft ignores the port of localhost).`,
      )
    await offer(new URL(started.url))
  }
  let flow = started
  while (flow.state === 'waiting') {
    await systemClock.sleep(pollMs, signal)
    flow = await client.call('getFlow', { params: { id: started.id } }, { signal })
  }
  if (flow.failure)
    for (const line of explanationLines(terminal.notes, flow.failure)) terminal.note(line)
  else if (flow.state !== 'succeeded')
    terminal.note(paint(terminal.notes, 'red', 'Nobody signed in in time.'))
  const inBrowser = started.url !== undefined && started.userCode === undefined
  if (flow.failure && inBrowser) await systemClock.sleep(lastPageMs, signal)
  return flow
}
