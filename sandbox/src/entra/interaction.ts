import { randomBytes } from 'node:crypto'
import type { SandboxClock } from '../clock.ts'
import type { AuthorizeRequest, Callback } from './authorize-request.ts'
import type { TenantChoice } from './directory.ts'
import type { App, DeviceCode, Session, SignIn } from './model.ts'

/** What a person signs in for. */
export type Purpose =
  | { readonly kind: 'authorize'; readonly wish: AuthorizeRequest }
  | { readonly kind: 'device'; readonly device: DeviceCode }
  | { readonly kind: 'adminconsent'; readonly callback: Callback }

/** One sign-in in one browser, from the first page to the answer. */
export interface Interaction {
  readonly id: string
  readonly sessionId: string
  readonly app: App
  readonly choice: TenantChoice
  readonly purpose: Purpose
  readonly startedAt: number
  signIn?: SignIn
  /** The person said yes on the consent page, or on the device's question. */
  accepted: boolean
  /** The page that was shown last was the consent page: only then does its answer count. */
  awaiting: 'account' | 'mfa' | 'consent' | 'device'
}

export interface Interactions {
  start(session: Session, app: App, choice: TenantChoice, purpose: Purpose): Interaction
  /** Finds the interaction of this browser; another browser's is not found. */
  find(id: string | undefined, session: Session | undefined): Interaction | undefined
  finish(interaction: Interaction): void
}

const MOST = 1000
const LIFETIME = 3_600_000

/** Keeps the running sign-ins; they end with the process. */
export function createInteractions(clock: SandboxClock): Interactions {
  const running = new Map<string, Interaction>()
  return {
    start(session, app, choice, purpose) {
      const interaction: Interaction = {
        id: randomBytes(24).toString('base64url'),
        sessionId: session.id,
        app,
        choice,
        purpose,
        startedAt: clock.now(),
        accepted: false,
        awaiting: 'account',
      }
      running.set(interaction.id, interaction)
      const [oldest] = running.keys()
      if (running.size > MOST && oldest !== undefined) running.delete(oldest)
      return interaction
    },
    find(id, session) {
      const found = id === undefined ? undefined : running.get(id)
      if (!found || !session || found.sessionId !== session.id) return undefined
      return clock.now() - found.startedAt < LIFETIME ? found : undefined
    },
    finish(interaction) {
      running.delete(interaction.id)
    },
  }
}
