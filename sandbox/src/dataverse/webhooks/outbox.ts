import type { OrganizationIdentity } from '../../identity.ts'
import type { Fault } from '../fault.ts'
import { bypassed } from '../plugins/bypass.ts'
import { writeContext } from './context.ts'
import type { Cause, Event } from './event.ts'
import { type Step, stepsOf } from './steps.ts'

/** One webhook that is to be sent. */
export interface Notice {
  readonly step: Step
  readonly row: { readonly table: string; readonly id: string }
  readonly message: Event['message']
  readonly correlation: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What the receivers of synchronous steps have said to a rehearsal of the same request. */
export type Verdicts = ReadonlyMap<string, Fault | undefined>

/** Collects the webhooks of one request; those of a write that is taken back are taken back too. */
export class Outbox {
  readonly #verdicts: Verdicts | undefined
  readonly #newGuid: () => string
  readonly #notices: Notice[] = []
  readonly #correlation: string

  constructor(newGuid: () => string, verdicts?: Verdicts) {
    this.#newGuid = newGuid
    this.#verdicts = verdicts
    this.#correlation = newGuid()
  }

  get notices(): readonly Notice[] {
    return this.#notices
  }

  /** Tells of a write. @throws Fault when a receiver that the write depends on has refused it */
  announce(cause: Cause, event: Event): void {
    const { database } = cause
    const changed = event.message === 'Update' ? event.given.keys() : undefined
    const steps = stepsOf(database, event.message, event.table.name, changed)
    if (steps.length === 0) return
    const passed = bypassed(cause)
    for (const step of steps) {
      if (step.isSync ? passed.sync : passed.async) continue
      const notice = this.#write(cause, event, step)
      const failure = step.isSync ? this.#verdicts?.get(keyOf(notice)) : undefined
      if (failure) throw failure
      this.#notices.push(notice)
      database.note(() => this.#notices.splice(this.#notices.indexOf(notice), 1))
    }
  }

  #write(cause: Cause, event: Event, step: Step): Notice {
    const { identity } = cause
    const operation = this.#newGuid()
    const ids = { correlation: this.#correlation, operation }
    const { text, isCut } = writeContext(cause, event, step, ids)
    return {
      step,
      row: { table: event.table.name, id: event.id },
      message: event.message,
      correlation: this.#correlation,
      body: text,
      headers: {
        'x-ms-dynamics-organization': domainOf(identity),
        'x-ms-dynamics-entity-name': event.table.name,
        'x-ms-dynamics-request-name': event.message,
        'x-ms-correlation-request-id': this.#correlation,
        ...(isCut ? { 'x-ms-dynamics-msg-size-exceeded': 'true' } : {}),
      },
    }
  }
}

/** The name of the environment's host, its real-looking one where it has one. */
function domainOf({ origins, uniqueName }: OrganizationIdentity): string {
  const hosts = origins.map((origin) => new URL(origin).hostname)
  const own = hosts.find((host) => host.startsWith(`${uniqueName}.`) && !host.includes('.api.'))
  return own ?? hosts[0] ?? uniqueName
}

/** The same webhook in a rehearsal and when it counts. */
export function keyOf({ step, row, message }: Notice): string {
  return `${step.id} ${message} ${row.table} ${row.id}`
}
