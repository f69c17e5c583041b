import type { Answer } from '../exchange.ts'
import { aadsts } from './aadsts.ts'
import { failureToCallback } from './callback-answers.ts'
import { grantConsent } from './consents.ts'
import { findUser, findUserByName } from './directory.ts'
import type { SignIn } from './model.ts'
import { signInPage } from './pages/account-pages.ts'
import { messagePage } from './pages/message-pages.ts'
import { resolveWish } from './permission-wish.ts'
import type { Parameters } from './request.ts'
import { addAccount } from './sessions.ts'
import { formContext, nextStep, type Step } from './sign-in-steps.ts'

/** What a pressed button of a sign-in page does. */
export type FormName = 'login' | 'select' | 'mfa' | 'consent' | 'device'

/** Takes one form of the sign-in pages and shows what comes next. */
export function takeForm(step: Step, name: FormName, fields: Parameters): Answer {
  if (fields.get('action') === 'cancel' || fields.get('action') === 'return')
    return cancel(step, fields)
  switch (name) {
    case 'login':
      return takePassword(step, fields)
    case 'select':
      return takeAccount(step, fields)
    case 'mfa':
      return takeSecondFactor(step)
    case 'consent':
      return takeConsent(step, fields)
    case 'device':
      if (step.interaction.awaiting === 'device') step.interaction.accepted = true
      return nextStep(step)
  }
}

function takePassword(step: Step, fields: Parameters): Answer {
  const username = fields.get('login') ?? ''
  const user = findUserByName(step.context, username)
  const again = (problem: string) => signInPage(formContext(step), { username, problem })
  if (!user) {
    return again(
      "AADSTS50034: We couldn't find an account with that username. Try another account.",
    )
  }
  if (user.password !== fields.get('passwd')) {
    return again(
      'AADSTS50126: Your account or password is incorrect. If you do not remember your password, reset it now.',
    )
  }
  if (!user.enabled)
    return again(
      'AADSTS50057: Your account has been locked. Contact your support person to unlock it, then try again.',
    )
  if (user.passwordExpired)
    return again(
      'AADSTS50055: Your password has expired. You have to update it before you can sign in.',
    )
  return signedIn(step, { userId: user.id, at: step.request.now, mfa: false })
}

function takeAccount(step: Step, fields: Parameters): Answer {
  const chosen = step.session.accounts.find((one) => one.userId === fields.get('account'))
  if (!chosen) return signInPage(formContext(step), {})
  step.interaction.signIn = chosen
  return nextStep(step)
}

function takeSecondFactor(step: Step): Answer {
  const { interaction } = step
  if (interaction.awaiting !== 'mfa' || !interaction.signIn) return nextStep(step)
  return signedIn(step, { ...interaction.signIn, at: step.request.now, mfa: true })
}

function signedIn(step: Step, signIn: SignIn): Answer {
  addAccount(step.context, step.session, signIn)
  step.interaction.signIn = signIn
  return nextStep(step)
}

function takeConsent(step: Step, fields: Parameters): Answer {
  const { context, interaction } = step
  const user = interaction.signIn && findUser(context, interaction.signIn.userId)
  if (interaction.awaiting !== 'consent' || !user || (!user.admin && !user.mayConsent)) {
    return nextStep(step)
  }
  if (interaction.purpose.kind === 'authorize') {
    const { wish } = interaction.purpose
    const { choice } = wish
    const tenantId = choice.kind === 'tenant' ? choice.tenant.id : user.tenantId
    const forAll =
      user.admin && (wish.prompt === 'admin_consent' || fields.get('everyone') === 'yes')
    const { permissions } = resolveWish(context, wish, tenantId)
    grantConsent(context, wish.app, tenantId, forAll ? undefined : user.id, permissions)
  }
  interaction.accepted = true
  return nextStep(step)
}

/** Cancel goes back to the app, by what was refused: the permissions, or signing in at all. */
function cancel(step: Step, fields: Parameters): Answer {
  const { context, request, interaction, interactions } = step
  const { purpose, app } = interaction
  interactions.finish(interaction)
  if (purpose.kind === 'device') {
    purpose.device.outcome = 'declined'
    context.touch()
    return messagePage(app.displayName, 'You have cancelled the sign-in on your device.')
  }
  const callback = purpose.kind === 'authorize' ? purpose.wish.callback : purpose.callback
  if (fields.get('action') === 'return') {
    return failureToCallback(request, callback, aadsts(90094, { name: app.displayName }))
  }
  const more: Record<string, string> =
    interaction.awaiting === 'consent' ? {} : { error_subcode: 'cancel' }
  return failureToCallback(request, callback, aadsts(65004), more)
}
