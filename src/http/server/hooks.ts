import type { Hono } from 'hono'
import { Secret } from '../../kernel/index.ts'
import type { Hub } from '../hub.ts'
import { readJsonText } from './body.ts'
import type { Env } from './frame.ts'
import { HttpError } from './http-error.ts'

// Dataverse sends at most 256 KB, and leaves parts out of what would be longer.
const MAX_BODY_BYTES = 300 * 1024

/**
 * Receives what Dataverse sends. A message is stored before it is answered: an answer of 200 ends
 * Dataverse's own attempts.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-webhooks
 */
export function addHooks(app: Hono<Env>, triggers: Pick<Hub['triggers'], 'admit' | 'receive'>) {
  app.post('/hooks/:id', async (c) => {
    const code = new Secret(c.req.query('code') ?? '')
    const trigger = await triggers.admit(c.req.param('id'), code)
    if (trigger === undefined) throw unknownHook()
    await triggers.receive(trigger, await readJsonText(c.req.raw, MAX_BODY_BYTES))
    return c.body(null, 200)
  })
}

function unknownHook() {
  return new HttpError('not_found', {
    what: 'Nothing receives messages at this address.',
    why: 'There is no such trigger, it is not enabled, or the key is another one.',
    remedy: 'Disable and enable the trigger again; that registers its address and a new key.',
  })
}
