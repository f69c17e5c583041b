import type { Seeded } from '../seeded.ts'
import type { App, Consent, Permission, Platform, Tenant } from './model.ts'
import { newApp } from './new-app.ts'
import { DYNAMICS_CRM, MICROSOFT_GRAPH } from './resources.ts'

const DAY = 86_400_000

const USER_READ: Permission = { resourceAppId: MICROSOFT_GRAPH, scope: 'User.Read' }

/** The redirect that the client of the printed line is registered for. */
const CALLBACK = 'http://localhost:4000/callback/oauth2'

type Change = Partial<App> & { readonly secretEndsIn?: number; readonly platform?: Platform }

/** The registrations, by what each is there to show; the first is the one that the line names. */
const STORIES: readonly [label: string, displayName: string, change: Change][] = [
  ['singleTenant', 'Fairlead Hub', {}],
  ['consented', 'Fairlead Hub (approved)', {}],
  ['multiTenant', 'Fairlead Hub (multi-tenant)', { audience: 'multi' }],
  ['spa', 'Browser App', { platform: 'spa' }],
  ['native', 'Device App', { platform: 'native', publicClient: true, secrets: [] }],
  ['noDynamicsPermission', 'App without Dynamics', { permissions: [USER_READ] }],
  ['noRedirect', 'App without Redirect', { redirectUris: [] }],
  ['disabled', 'Disabled App', { enabled: false }],
  ['expiredSecret', 'App with Expired Secret', { secretEndsIn: -DAY }],
  ['assignmentRequired', 'App for the Assigned', { assignmentRequired: true }],
  ['certificate', 'App with Certificate', { secrets: [] }],
  ['strictRefresh', 'App with Strict Refresh', { strictRefresh: true }],
]

/** Registers the apps; `now` dates their secrets. */
export function seedApps(seeded: Seeded, [first, second]: readonly [Tenant, Tenant], now: number) {
  const labels = new Map<string, App>()
  for (const [label, displayName, change] of STORIES) {
    labels.set(label, makeApp(seeded, label, first, displayName, change, now))
  }
  labels.set('otherTenant', makeApp(seeded, 'otherTenant', second, 'Oakmere Reports', {}, now))
  const multi = labels.get('multiTenant')
  if (multi)
    multi.servicePrincipals[second.id] = seeded.guid(
      `service principal ${multi.appId} ${second.id}`,
    )
  const consented = labels.get('consented')
  const consents: Consent[] = consented
    ? [
        {
          appId: consented.appId,
          tenantId: first.id,
          resourceAppId: DYNAMICS_CRM,
          scopes: ['user_impersonation'],
        },
      ]
    : []
  return { labels, consents }
}

function makeApp(
  seeded: Seeded,
  label: string,
  tenant: Tenant,
  displayName: string,
  { secretEndsIn = 365 * DAY, platform = 'web', ...change }: Change,
  now: number,
): App {
  const appId = seeded.guid(`app ${label}`)
  const secret = {
    id: seeded.guid(`secret id ${label}`),
    value: secretText(seeded, label),
    description: 'sandbox',
    startsAt: now - 30 * DAY,
    endsAt: now + secretEndsIn,
  }
  const named = { objectId: seeded.guid(`app object ${label}`), appId, displayName }
  return {
    ...newApp(named, tenant, seeded.guid(`service principal ${appId} ${tenant.id}`)),
    redirectUris: [{ platform, uri: platform === 'native' ? 'http://localhost' : CALLBACK }],
    secrets: [secret],
    ...change,
  }
}

/** The look of Entra's secrets, `~` included. */
function secretText(seeded: Seeded, label: string): string {
  const text = seeded.text(`secret ${label}`, 36)
  return `${text.slice(0, 3)}8Q~${text.slice(3, 20)}.${text.slice(20, 30)}-${text.slice(30)}`
}
