import type { SandboxClock } from '../clock.ts'
import type { Counters } from '../counters.ts'
import type { Handler } from '../exchange.ts'
import type { OrganizationIdentity, TokenInspector } from '../identity.ts'
import type { Seeded } from '../seeded.ts'
import { createStateFile, type StateFile } from '../state-file.ts'
import { createTokenInspector } from './access-tokens.ts'
import type { EntraContext } from './context.ts'
import type { App, EntraState } from './model.ts'
import { createEntraHandler } from './router.ts'
import { seedApps } from './seed-apps.ts'
import { seedTenants, seedUsers } from './seed-directory.ts'
import { generateSigningKey, readSigningKeys } from './signing-keys.ts'

/** The emulated Entra ID. */
export interface Entra {
  readonly handler: Handler
  readonly tokens: TokenInspector
  readonly context: EntraContext
  /** The seeded registrations by what they show, `singleTenant` first. */
  apps(): ReadonlyMap<string, App>
  /** Back to the seeded directory: apps, users, grants, sessions. */
  reset(): void
  /** Writes what changed; resolves at once when nothing did. */
  save(): Promise<void>
}

export interface EntraOptions {
  readonly clock: SandboxClock
  readonly seeded: Seeded
  readonly counters: Counters
  readonly organizations: readonly OrganizationIdentity[]
  /** Seconds between a device's polls. */
  readonly deviceInterval: number
  /** The private key to sign with (PEM); one is made when none is given or saved. */
  readonly signingKey: string | undefined
  /** Folder for keys and state. */
  readonly folder: string | undefined
}

interface Saved {
  readonly version: 1
  readonly privateKey: string
  readonly state: EntraState
}

/** Opens Entra ID: from its folder if it was there before, else seeded. */
export async function openEntra(options: EntraOptions): Promise<Entra> {
  const { clock, seeded, counters } = options
  const file = createStateFile<Saved>(options.folder, 'entra.json')
  const saved = readSaved(file, options.folder)
  const privateKey = saved?.privateKey ?? options.signingKey ?? (await generateSigningKey())
  const { state: fresh, labels } = seedDirectory(seeded, clock.now())
  let dirty = !saved
  const context: EntraContext = {
    state: saved?.state ?? fresh,
    clock,
    seeded,
    keys: await readSigningKeys(privateKey),
    organizations: options.organizations,
    deviceInterval: options.deviceInterval,
    touch: () => {
      dirty = true
    },
    count: counters.count,
  }
  const inner = createEntraHandler(context)
  const save = async () => {
    if (!dirty) return
    dirty = false
    await file.write({ version: 1, privateKey, state: context.state })
  }
  await save()
  return {
    async handler(exchange) {
      const answer = await inner(exchange)
      await save()
      return answer
    },
    tokens: createTokenInspector(context),
    context,
    apps: () => namedApps(labels, context),
    reset() {
      Object.assign(context.state, seedDirectory(seeded, clock.now()).state)
      dirty = true
    },
    save,
  }
}

function readSaved(file: StateFile<Saved>, folder: string | undefined): Saved | undefined {
  const saved = file.read()
  if (!saved || saved.version === 1) return saved
  throw new Error(`${folder}/entra.json is of another version of the sandbox; remove it.`)
}

/** The directory as it is in the first moment; `now` dates its secrets. */
function seedDirectory(seeded: Seeded, now: number) {
  const tenants = seedTenants(seeded)
  const { labels, consents } = seedApps(seeded, tenants, now)
  const state: EntraState = {
    tenants: [...tenants],
    users: seedUsers(seeded, tenants),
    apps: [...labels.values()],
    consents,
    codes: [],
    refreshTokens: [],
    deviceCodes: [],
    sessions: [],
  }
  return { state, labels }
}

/** After a restart or a reset the registrations of the state count, not the seeded ones. */
function namedApps(labels: ReadonlyMap<string, App>, context: EntraContext): Map<string, App> {
  const named = new Map<string, App>()
  for (const [label, app] of labels) {
    const now = context.state.apps.find((one) => one.appId === app.appId)
    if (now) named.set(label, now)
  }
  return named
}

export type { App, User } from './model.ts'
