import type { Answer } from '../exchange.ts'
import { aadsts } from './aadsts.ts'
import { issueCode } from './authorization-codes.ts'
import type { AuthorizeRequest } from './authorize-request.ts'
import { failureToCallback, toCallback } from './callback-answers.ts'
import { grantConsent } from './consents.ts'
import type { EntraContext } from './context.ts'
import {
  findUser,
  identityProvider,
  isInTenant,
  servicePrincipal,
  tenantById,
} from './directory.ts'
import type { Interaction, Interactions } from './interaction.ts'
import type { Permission, Session, SignIn, User } from './model.ts'
import {
  accountPicker,
  consentPage,
  needAdminPage,
  secondFactorPage,
  signInPage,
} from './pages/account-pages.ts'
import { deviceConfirmPage, messagePage } from './pages/message-pages.ts'
import { describePermission, isConsented, resolveWish } from './permission-wish.ts'
import type { EntraRequest } from './request.ts'
import { DYNAMICS_CRM } from './resources.ts'
import { describeFailure } from './token-answers.ts'

/** One step of a sign-in: all that the pages need to decide which comes next. */
export interface Step {
  readonly context: EntraContext
  readonly request: EntraRequest
  readonly interactions: Interactions
  readonly interaction: Interaction
  readonly session: Session
}

interface Signed {
  readonly user: User
  readonly signIn: SignIn
  readonly tenantId: string
}

/** Shows the next page, or ends the sign-in with its answer. Failures are thrown for the page. */
export function nextStep(step: Step): Answer {
  const { context, interaction } = step
  const { signIn } = interaction
  const user = signIn && findUser(context, signIn.userId)
  if (!signIn || !user) return askForAccount(step)
  const { choice } = interaction
  const tenantId = choice.kind === 'tenant' ? choice.tenant.id : user.tenantId
  const signed = { user, signIn, tenantId }
  refuseAccount(step, signed)
  switch (interaction.purpose.kind) {
    case 'authorize':
      return authorizeStep(step, signed, interaction.purpose.wish)
    case 'device':
      return deviceStep(step, signed)
    case 'adminconsent':
      return adminConsentStep(step, signed)
  }
}

/** What the forms of this sign-in carry. */
export function formContext(step: Step) {
  const { interaction, request } = step
  return {
    base: `/${encodeURIComponent(request.tenantPath)}`,
    ctx: interaction.id,
    appName: interaction.app.displayName,
  }
}

function askForAccount(step: Step): Answer {
  const { context, interaction, session } = step
  interaction.awaiting = 'account'
  const { purpose } = interaction
  const prompt = purpose.kind === 'authorize' ? purpose.wish.prompt : undefined
  const hint = purpose.kind === 'authorize' ? purpose.wish.loginHint : undefined
  if (prompt === 'login' || session.accounts.length === 0) {
    return signInPage(formContext(step), hint === undefined ? {} : { username: hint })
  }
  const users = session.accounts.flatMap((one) => findUser(context, one.userId) ?? [])
  return accountPicker(formContext(step), users)
}

function refuseAccount(step: Step, { user, tenantId }: Signed): void {
  const { context, interaction } = step
  if (!user.enabled) throw aadsts(50057)
  if (isInTenant(user, tenantId)) return
  throw aadsts(50020, {
    user: user.username,
    idp: identityProvider(user),
    tenant: tenantById(context, tenantId).displayName,
    appId: interaction.app.appId,
    name: interaction.app.displayName,
  })
}

function authorizeStep(step: Step, signed: Signed, wish: AuthorizeRequest): Answer {
  const { context, request } = step
  const { app } = wish
  const { user, signIn, tenantId } = signed
  const named = { appId: app.appId, name: app.displayName, user: user.username }
  const { resource, permissions } = resolveWish(context, wish, tenantId)
  if (user.blockedByPolicy && resource) throw aadsts(53003, {}, { error: 'access_denied' })
  const needsMfa = wish.stepUp || (user.mfaRequired && resource?.appId === DYNAMICS_CRM)
  if (needsMfa && !signIn.mfa) {
    if (wish.prompt === 'none') {
      const values = { resource: resource?.appId ?? '' }
      throw aadsts(50076, values, { error: 'interaction_required' })
    }
    step.interaction.awaiting = 'mfa'
    return secondFactorPage(formContext(step), user.username)
  }
  if (app.assignmentRequired && !app.assignedUserIds.includes(user.id)) {
    return failureToCallback(request, wish.callback, aadsts(50105, named))
  }
  const asks = wish.prompt === 'consent' || wish.prompt === 'admin_consent'
  const given = isConsented(context, app, tenantId, user.id, permissions)
  if (!step.interaction.accepted && (asks || !given))
    return askConsent(step, signed, wish, permissions)
  servicePrincipal(context, app, tenantId)
  step.interactions.finish(step.interaction)
  return toCallback(wish.callback, issueCode(context, wish, signIn, tenantId))
}

function askConsent(
  step: Step,
  { user }: Signed,
  wish: AuthorizeRequest,
  permissions: readonly Permission[],
): Answer {
  const { app } = wish
  const named = { appId: app.appId, name: app.displayName }
  if (wish.prompt === 'none') throw aadsts(65001, named, { error: 'interaction_required' })
  step.interaction.awaiting = 'consent'
  const forTenant = wish.prompt === 'admin_consent'
  if (forTenant && !user.admin) throw aadsts(90093)
  if (!user.admin && !user.mayConsent) {
    return needAdminPage(
      formContext(step),
      describeFailure(step.request, aadsts(90094, named), ' '),
    )
  }
  return consentPage(formContext(step), {
    username: user.username,
    permissions: permissions.map(describePermission),
    forTenant,
    mayConsentForTenant: user.admin,
  })
}

function deviceStep(step: Step, signed: Signed): Answer {
  const { context, interaction } = step
  if (interaction.purpose.kind !== 'device') return askForAccount(step)
  const { device } = interaction.purpose
  const { app } = interaction
  const wanted = app.permissions
  if (signed.user.mfaRequired && !signed.signIn.mfa) {
    interaction.awaiting = 'mfa'
    return secondFactorPage(formContext(step), signed.user.username)
  }
  if (!interaction.accepted) {
    interaction.awaiting = 'device'
    return deviceConfirmPage(formContext(step))
  }
  const given = isConsented(context, app, signed.tenantId, signed.user.id, wanted)
  if (!given && !signed.user.admin && !signed.user.mayConsent) {
    throw aadsts(90094, { name: app.displayName })
  }
  grantConsent(context, app, signed.tenantId, signed.user.id, wanted)
  servicePrincipal(context, app, signed.tenantId)
  device.outcome = 'approved'
  device.signIn = signed.signIn
  device.tenantId = signed.tenantId
  context.touch()
  step.interactions.finish(interaction)
  return messagePage(
    app.displayName,
    'You have signed in to the application on your device. You may now close this window.',
  )
}

function adminConsentStep(step: Step, signed: Signed): Answer {
  const { context, interaction } = step
  const { app, purpose } = interaction
  if (purpose.kind !== 'adminconsent') return askForAccount(step)
  if (!signed.user.admin) throw aadsts(90094, { name: app.displayName })
  if (!interaction.accepted) {
    interaction.awaiting = 'consent'
    return consentPage(formContext(step), {
      username: signed.user.username,
      permissions: app.permissions.map(describePermission),
      forTenant: true,
      mayConsentForTenant: true,
    })
  }
  grantConsent(context, app, signed.tenantId, undefined, app.permissions)
  servicePrincipal(context, app, signed.tenantId)
  step.interactions.finish(interaction)
  return toCallback(purpose.callback, { tenant: signed.tenantId, admin_consent: 'True' })
}
