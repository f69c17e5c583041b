import type { SandboxClock } from '../clock.ts'
import type { OrganizationIdentity } from '../identity.ts'
import type { Seeded } from '../seeded.ts'
import type { EntraState } from './model.ts'
import type { SigningKeys } from './signing-keys.ts'

/** What every part of the emulated Entra ID works on. */
export interface EntraContext {
  readonly state: EntraState
  readonly clock: SandboxClock
  readonly seeded: Seeded
  readonly keys: SigningKeys
  readonly organizations: readonly OrganizationIdentity[]
  /** Seconds between a device's polls, as its answer tells it. */
  readonly deviceInterval: number
  /** Notes that the state changed and has to be written before the answer leaves. */
  touch(): void
  /** Counts an event by name, for the control API. */
  count(event: string, appId?: string): void
}
