import { join } from 'node:path'
import { manifest } from '../connector/index.ts'
import type { Hub } from '../http/index.ts'
import { type Access, createAccess } from '../hub/access/index.ts'
import { type Alerts, createAlerts } from '../hub/alerts/index.ts'
import { type AuditLog, createAuditLog } from '../hub/audit/index.ts'
import { type Connect, createConnect, readGuide } from '../hub/connect/index.ts'
import { readForm, readOptions, readTypes, runAction } from '../hub/runs/index.ts'
import { openStore, type Store } from '../hub/store/index.ts'
import { createVault, openKeyring, type Vault } from '../hub/vault/index.ts'
import { type Clock, type Logger, systemClock, systemRandom } from '../kernel/index.ts'
import { discover, parseCrmAddress } from '../oauth/index.ts'
import { createEgress, createSender, type Send } from '../transport/index.ts'
import type { Configuration } from './configuration.ts'
import { createRunRooms, type RunRooms } from './run-rooms.ts'
import { Undo } from './undo.ts'

/** Everything below the HTTP server, built and wired. */
export interface Rooms extends RunRooms, AsyncDisposable {
  readonly store: Store
  readonly access: Access
  readonly vault: Vault
  readonly connect: Connect
  readonly alerts: Alerts
  readonly audit: AuditLog
  readonly send: Send
}

export interface Surroundings {
  readonly configuration: Configuration
  readonly publicUrl: URL
  readonly logger: Logger
  readonly signal: AbortSignal
}

/** Opens the store and the keys and builds the rooms of the hub over them. */
export async function openRooms(around: Surroundings): Promise<Rooms> {
  const { configuration, publicUrl, logger, signal } = around
  const { databaseUrl, dataFolder, keys, assertionFolder } = configuration
  const { allowedOrigins, connectTo, caFile, proxy } = configuration
  const random = systemRandom
  const clock: Clock = systemClock
  const egress = createEgress({
    allow: allowedOrigins,
    connectTo,
    ...(caFile !== undefined && { caFile }),
    ...(proxy !== undefined && { proxy }),
  })
  const undo = new Undo()
  return undo.whole(async () => {
    const sender = createSender({ egress, clock, logger })
    undo.defer(() => sender.close())
    const store = await openStore({
      ...{ dataFolder, logger, clock, random, signal },
      ...(databaseUrl !== undefined && { databaseUrl }),
    })
    undo.defer(() => store.close())
    const source = keys === undefined ? { folder: join(dataFolder, 'keys') } : { text: keys }
    const { send } = sender
    const parts = { store, send, clock, random, logger }
    const keyring = await openKeyring({ ...parts, source })
    const audit = createAuditLog(parts)
    const alerts = createAlerts(parts)
    const access = createAccess({ ...parts, audit, publicUrl })
    const vault = createVault({
      ...{ ...parts, keyring, alerts, audit },
      ...(assertionFolder !== undefined && { assertionFolder }),
    })
    const connect = createConnect({
      ...{ ...parts, keyring, vault, audit, publicUrl },
      trustedLoginOrigins: allowedOrigins,
    })
    undo.defer(() => connect.close())
    const runs = createRunRooms({ ...parts, vault, alerts, audit, dataFolder, publicUrl })
    return {
      ...{ store, access, vault, connect, alerts, audit, send, ...runs },
      [Symbol.asyncDispose]: () => undo.run(),
    }
  })
}

/** The rooms as the API and the pages see them. */
export function presentRooms(rooms: Rooms, around: Surroundings): Hub {
  const { access, vault, connect, alerts, audit, store, send, host } = rooms
  const { triggers, attachments } = rooms
  const { configuration } = around
  return {
    ...{ access, connect, alerts, audit, triggers, attachments },
    authClients: vault.authClients,
    credentials: vault.credentials,
    actions: {
      list: [...manifest.triggers, ...manifest.actions],
      run: (call) => runAction(host, call),
      form: (call) => readForm(host, call),
      options: (call) => readOptions(host, call),
      types: (call) => readTypes(host, call),
    },
    discover: async (address, signal) => {
      const io = { send, clock: systemClock, signal }
      const trustedLoginOrigins = configuration.allowedOrigins
      const { cloud, ...found } = await discover(address, { ...io, trustedLoginOrigins })
      const { notes } = parseCrmAddress(address)
      return { ...found, notes, ...(cloud !== undefined && { cloud: cloud.name }) }
    },
    readGuide: (values) =>
      readGuide({
        ...values,
        redirectUri: connect.redirectUri,
        platformName: configuration.platformName,
        now: systemClock.now(),
      }),
    ping: () => store.ping(),
  }
}
