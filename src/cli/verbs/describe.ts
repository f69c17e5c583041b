import type { Answer } from '../../http/contract/index.ts'
import { labelled, type View } from '../view.ts'

export type AuthClient = Answer<'getAuthClient'>
export type Credential = Answer<'getCredential'>
export type Trigger = Answer<'getTrigger'>

type Fact = readonly [string, string | undefined]

/** Shows an Auth Client as lines. */
export function describeAuthClient(view: View, client: AuthClient): string {
  const secrets = client.secrets.map(
    ({ slot, hint, expiresAt }): Fact => [
      'secret',
      `${slot}: ${hint}, ${expiresAt ? `expires ${expiresAt.slice(0, 10)}` : 'expiry not known'}`,
    ],
  )
  return describe(view, [
    ['id', client.id],
    ['name', client.name],
    ['client id', client.clientId],
    ['proof', client.authentication],
    ...secrets,
    ['certificate', client.certificate?.thumbprint],
    ['it ends', client.certificate?.notAfter],
    ['assertion', client.assertionFile],
    ['authorization', client.authorizationEndpoint],
    ['token', client.tokenEndpoint],
    ['device', client.deviceEndpoint],
    ['scopes', client.scopes],
    ['problem', client.problem && `${client.problem.what} (${client.problem.code})`],
    ['remedy', client.problem?.remedy],
  ])
}

/** Shows a Credential as lines. */
export function describeCredential(view: View, credential: Credential): string {
  const { identity, problem, verification } = credential
  return describe(view, [
    ['id', credential.id],
    ['name', credential.name],
    ['environment', credential.environmentUrl],
    ['API version', credential.apiVersion],
    ['grant', credential.grant],
    ['state', credential.state],
    ['signed in as', identity?.userPrincipalName ?? identity?.fullName ?? identity?.userId],
    [
      'verified',
      verification && `${verification.verified ? 'yes' : 'no'}, ${minute(verification.at)}`,
    ],
    ['works until', credential.worksUntilAtLeast && minute(credential.worksUntilAtLeast)],
    ['problem', problem && `${problem.what} (${problem.code})`],
    ['remedy', problem?.remedy],
  ])
}

/** Shows a trigger as lines. */
export function describeTrigger(view: View, trigger: Trigger): string {
  const { kind, lastRun } = trigger
  return describe(view, [
    ['id', trigger.id],
    ['name', trigger.name],
    ['trigger', trigger.trigger],
    ['Credential', trigger.credentialId],
    ['fields', JSON.stringify(trigger.config)],
    ['state', trigger.running ? `${trigger.state}, running` : trigger.state],
    ['enabled', kind === 'webhook' ? (trigger.enabled ? 'yes' : 'no') : undefined],
    ['waiting', kind === 'webhook' ? `${trigger.waiting}, given up ${trigger.failed}` : undefined],
    ['outputs up to', String(trigger.lastSequence)],
    [
      'last run',
      lastRun && `${lastRun.outcome}, ${minute(lastRun.endedAt)}, stored ${lastRun.stored}`,
    ],
    ['problem', lastRun?.problem && `${lastRun.problem.what} (${lastRun.problem.code})`],
    ['remedy', lastRun?.problem?.remedy],
  ])
}

function describe(view: View, facts: readonly Fact[]): string {
  return facts
    .flatMap(([name, value]) =>
      value === undefined ? [] : labelled(`${name.padEnd(14)} `, value, view),
    )
    .join('\n')
}

function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`
}
