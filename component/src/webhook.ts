import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Entry } from '../../src/connector/index.ts'
import { isObject, type Json } from '../../src/kernel/index.ts'
import { ComponentError } from './component-error.ts'
import type { ComponentEnvironment } from './environment.ts'
import type { ComponentHost } from './host.ts'
import type { PlatformMessage, StepConfiguration } from './platform.ts'

const PLATFORMS_OWN = /^(reply_to|x-eio-.*|x-ipaas-.*)$/i

type Webhook = NonNullable<ComponentEnvironment['webhook']>

/**
 * Has Dataverse send its messages to the flow; the platform keeps what is answered. What earlier starts
 * registered is taken off first, also one that broke off before the platform kept anything: each would send
 * every message once more.
 */
export async function enableWebhook(
  entry: Entry,
  host: ComponentHost,
  configuration: StepConfiguration,
): Promise<Json | undefined> {
  if (entry.registration === undefined) return undefined
  const { webhook } = host.environment
  if (webhook === undefined) throw unavailable()
  const { dataverse, fields } = await host.open(configuration, {})
  const { callbackUrl } = webhook
  const form = { config: fields, dataverse, callbackUrl }
  const registered = registeredIn(await host.leftFromStart())
  if (registered !== undefined) await entry.registration.disable({ ...form, registered })
  for (const left of await entry.registration.find(form))
    await entry.registration.disable({ ...form, registered: left })
  return { registered: await entry.registration.enable({ ...form, key: keyOf(webhook) }) }
}

/** Has Dataverse send nothing more; `kept` is what the platform kept. */
export async function disableWebhook(
  entry: Entry,
  host: ComponentHost,
  configuration: StepConfiguration,
  kept: unknown,
): Promise<void> {
  if (entry.registration === undefined) return
  const { dataverse, fields } = await host.open(configuration, {})
  await entry.registration.disable({ config: fields, dataverse, registered: registeredIn(kept) })
}

function registeredIn(kept: unknown): unknown {
  return isObject(kept) ? kept['registered'] : undefined
}

/**
 * What an entry is given of a message. The platform takes whatever is sent to the flow's address; where it
 * tells with which headers or query, the key has to be among them.
 *
 * @throws ComponentError `webhook_stranger`
 */
export function inputOf(
  entry: Entry,
  webhook: Webhook | undefined,
  message: PlatformMessage,
): unknown {
  const values = [message.headers, message.query].flatMap((part) =>
    Object.entries(isObject(part) ? part : {}).flatMap(([name, value]) =>
      PLATFORMS_OWN.test(name) ? [] : [value],
    ),
  )
  if (entry.kind === 'webhook' && webhook !== undefined && values.length > 0) {
    const key = keyOf(webhook)
    if (!values.some((value) => isSame(value, key))) throw stranger()
  }
  return message.body ?? {}
}

// The process that registers, and the ones that take messages, share nothing else.
function keyOf({ flowId, seed }: Webhook): string {
  return createHmac('sha256', seed).update(`dataverse webhook of ${flowId}`).digest('base64url')
}

function isSame(value: unknown, key: string): boolean {
  const [given, wanted] = [Buffer.from(String(value)), Buffer.from(key)]
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function unavailable(): ComponentError {
  return new ComponentError('webhook_unavailable', {
    what: 'The trigger cannot have Dataverse send messages to this flow.',
    why: 'The platform told this step no address at which the flow takes messages from outside.',
    remedy: 'Use the polling trigger, or tell the operator of the platform.',
    who: 'operator',
  })
}

function stranger(): ComponentError {
  return new ComponentError('webhook_stranger', {
    what: 'A message came to the address of this flow that Dataverse did not send.',
    why: 'It does not bring the key that was agreed with Dataverse when the flow was started.',
    remedy:
      'Stop and start the flow if Dataverse sent it; otherwise somebody else knows the address.',
  })
}
