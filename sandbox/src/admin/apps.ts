import { randomUUID } from 'node:crypto'
import { grantConsent, withdrawConsent } from '../entra/consents.ts'
import type { EntraContext } from '../entra/context.ts'
import { chooseTenant } from '../entra/directory.ts'
import type { App } from '../entra/model.ts'
import { newApp } from '../entra/new-app.ts'
import {
  allowOnly,
  InputError,
  type JsonObject,
  readList,
  readObject,
  readOptionalBoolean,
  readOptionalNumber,
  readOptionalString,
  readString,
  readStrings,
} from '../json-input.ts'
import {
  makeSecret,
  readCertificate,
  readFederatedCredential,
  readPermissions,
  readRedirects,
} from './app-input.ts'

const SWITCHES = [
  'publicClient',
  'enabled',
  'assignmentRequired',
  'strictRefresh',
  'unsignedIdToken',
  'appOnlyOnCommon',
] as const
const SHARED = [
  'name',
  'audience',
  'redirectUris',
  'permissions',
  'assignedUsers',
  'adminConsent',
  ...SWITCHES,
]
const REGISTER = [
  ...SHARED,
  'tenant',
  'secret',
  'certificate',
  'federatedCredential',
  'servicePrincipal',
]
const CHANGE = [
  ...SHARED,
  'addSecret',
  'expireSecret',
  'removeSecret',
  'addCertificate',
  'removeCertificate',
  'addFederatedCredential',
  'removeFederatedCredential',
  'servicePrincipal',
]

/** An app as the control API shows it: everything, secrets included, for this is a test bench. */
export function describeApp(context: EntraContext, app: App) {
  const { appId, ...rest } = app
  const consents = context.state.consents.filter((one) => one.appId === appId)
  return { clientId: appId, ...rest, consents }
}

export function findAppById(context: EntraContext, id: string): App | undefined {
  return context.state.apps.find((app) => app.appId === id || app.objectId === id)
}

/** Registers an app from JSON. */
export function registerApp(context: EntraContext, body: JsonObject): App {
  allowOnly(body, REGISTER, 'An app')
  const choice = chooseTenant(
    context,
    readOptionalString(body, 'tenant') ?? context.state.tenants[0]?.id ?? '',
  )
  if (choice.kind !== 'tenant') throw new InputError("'tenant' must name one tenant.")
  const named = {
    objectId: randomUUID(),
    appId: randomUUID(),
    displayName: readString(body, 'name'),
  }
  const app = newApp(named, choice.tenant, randomUUID())
  if (body['secret'] !== false) app.secrets.push(makeSecret(body['secret'], context.clock.now()))
  if (body['certificate'] !== undefined) app.certificates.push(readCertificate(body['certificate']))
  if (body['federatedCredential'] !== undefined) {
    app.federatedCredentials.push(readFederatedCredential(body['federatedCredential']))
  }
  applyShared(context, app, body)
  context.state.apps.push(app)
  context.touch()
  return app
}

/** Changes an app from JSON; returns the secret it added, whose value is to be shown. */
export function changeApp(context: EntraContext, app: App, body: JsonObject) {
  allowOnly(body, CHANGE, 'The change of an app')
  applyShared(context, app, body)
  const added =
    body['addSecret'] === undefined ? undefined : makeSecret(body['addSecret'], context.clock.now())
  if (added) app.secrets.push(added)
  const expire = readOptionalString(body, 'expireSecret')
  for (const secret of app.secrets) if (secret.id === expire) secret.endsAt = context.clock.now()
  app.secrets = without(app.secrets, readOptionalString(body, 'removeSecret'))
  if (body['addCertificate'] !== undefined)
    app.certificates.push(readCertificate(body['addCertificate']))
  const certificate = readOptionalString(body, 'removeCertificate')
  app.certificates = app.certificates.filter(
    (one) => one.id !== certificate && one.thumbprint !== certificate,
  )
  if (body['addFederatedCredential'] !== undefined) {
    app.federatedCredentials.push(readFederatedCredential(body['addFederatedCredential']))
  }
  app.federatedCredentials = without(
    app.federatedCredentials,
    readOptionalString(body, 'removeFederatedCredential'),
  )
  context.touch()
  return added
}

function applyShared(context: EntraContext, app: App, body: JsonObject): void {
  for (const name of SWITCHES) app[name] = readOptionalBoolean(body, name) ?? app[name]
  app.displayName = readOptionalString(body, 'name') ?? app.displayName
  app.audience = readAudience(body) ?? app.audience
  if (body['redirectUris'] !== undefined) app.redirectUris = readRedirects(body)
  if (body['permissions'] !== undefined) app.permissions = readPermissions(body)
  if (body['assignedUsers'] !== undefined) app.assignedUserIds = readUsers(context, body)
  const principal = readOptionalBoolean(body, 'servicePrincipal')
  if (principal === false) app.servicePrincipals = {}
  if (principal === true) app.servicePrincipals[app.tenantId] ??= randomUUID()
  const consent = readOptionalBoolean(body, 'adminConsent')
  if (consent === true) grantConsent(context, app, app.tenantId, undefined, app.permissions)
  if (consent === false) withdrawConsent(context, app)
}

function readAudience(body: JsonObject): App['audience'] | undefined {
  const audience = readOptionalString(body, 'audience')
  if (audience === undefined || audience === 'single' || audience === 'multi') return audience
  throw new InputError("'audience' must be 'single' or 'multi'.")
}

function readUsers(context: EntraContext, body: JsonObject): string[] {
  return readStrings(body, 'assignedUsers').map((name) => findUserByIdOrName(context, name).id)
}

/** Finds a user by object id or user name. */
export function findUserByIdOrName(context: EntraContext, name: string) {
  const user = context.state.users.find((one) => one.id === name || one.username === name)
  if (!user) throw new InputError(`There is no user '${name}'.`)
  return user
}

function without<T extends { readonly id: string }>(list: T[], id: string | undefined): T[] {
  return list.filter((one) => one.id !== id)
}

/** Changes what is true of a user. */
export function changeUser(context: EntraContext, name: string, body: JsonObject) {
  const user = findUserByIdOrName(context, name)
  const flags = [
    'enabled',
    'passwordExpired',
    'mfaRequired',
    'mayConsent',
    'blockedByPolicy',
    'admin',
  ] as const
  allowOnly(body, [...flags, 'password', 'signInFrequencyMs', 'guestOf'], 'The change of a user')
  for (const flag of flags) user[flag] = readOptionalBoolean(body, flag) ?? user[flag]
  user.password = readOptionalString(body, 'password') ?? user.password
  user.signInFrequencyMs = readOptionalNumber(body, 'signInFrequencyMs') ?? user.signInFrequencyMs
  if (body['guestOf'] !== undefined) user.guestOf = readStrings(body, 'guestOf')
  context.touch()
  return user
}

/** Reads the ids of refresh tokens, or the tokens themselves, from JSON. */
export function readTokenList(body: JsonObject): string[] {
  return readList(readObject(body, 'The body'), 'refreshTokens').map((one) => {
    if (typeof one !== 'string') throw new InputError("'refreshTokens' must be a list of strings.")
    return one
  })
}
