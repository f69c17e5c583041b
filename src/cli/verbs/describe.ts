import type { Answer } from '../../http/contract/index.ts'
import { labelled, type View } from '../view.ts'

export type AuthClient = Answer<'getAuthClient'>
export type Credential = Answer<'getCredential'>

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
