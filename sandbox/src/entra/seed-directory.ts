import type { Seeded } from '../seeded.ts'
import type { Tenant, User, UserStory } from './model.ts'

/** The two directories: the first holds the app that the sandbox names. */
export function seedTenants(seeded: Seeded): [Tenant, Tenant] {
  return [
    {
      id: seeded.guid('tenant harborlight'),
      displayName: 'Harborlight Trading',
      domains: ['harborlight.onmicrosoft.com', 'harborlight.example'],
    },
    {
      id: seeded.guid('tenant oakmere'),
      displayName: 'Oakmere Industries',
      domains: ['oakmere.onmicrosoft.com', 'oakmere.example'],
    },
  ]
}

const FIRST: readonly [story: UserStory, name: string, displayName: string][] = [
  ['admin', 'ada.keller', 'Ada Keller'],
  ['member', 'milo.brandt', 'Milo Brandt'],
  ['disabled', 'dora.finch', 'Dora Finch'],
  ['needsMfa', 'mira.osei', 'Mira Osei'],
  ['noConsentRight', 'noel.varga', 'Noel Varga'],
  ['notInOrganization', 'nina.holt', 'Nina Holt'],
  ['withoutRole', 'wim.adler', 'Wim Adler'],
  ['passwordExpired', 'pia.lund', 'Pia Lund'],
  ['disabledInOrganization', 'dirk.moll', 'Dirk Moll'],
]

const SECOND: readonly [story: UserStory, name: string, displayName: string][] = [
  ['admin', 'olga.reyes', 'Olga Reyes'],
  ['member', 'otto.lindqvist', 'Otto Lindqvist'],
  ['guest', 'gita.moreau', 'Gita Moreau'],
]

/** The people: one for each story, the guest at home in the second tenant. */
export function seedUsers(seeded: Seeded, [first, second]: readonly [Tenant, Tenant]): User[] {
  const make = (tenant: Tenant, [story, name, displayName]: (typeof FIRST)[number]): User => {
    const username = `${name}@${tenant.domains[0]}`
    return {
      id: seeded.guid(`user ${username}`),
      tenantId: tenant.id,
      username,
      displayName,
      story,
      password: `Sandbox-${seeded.text(`password ${username}`, 12)}`,
      admin: story === 'admin',
      enabled: story !== 'disabled',
      passwordExpired: story === 'passwordExpired',
      mfaRequired: story === 'needsMfa',
      mayConsent: story !== 'noConsentRight',
      blockedByPolicy: false,
      signInFrequencyMs: 0,
      guestOf: story === 'guest' ? [first.id] : [],
      tokensValidFrom: 0,
    }
  }
  return [...FIRST.map((one) => make(first, one)), ...SECOND.map((one) => make(second, one))]
}
