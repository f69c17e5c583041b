import {
  type AccessToken,
  DataverseClient,
  type DataverseClientOptions,
} from '../../src/dataverse/index.ts'
import { Secret, silentLogger, systemClock } from '../../src/kernel/index.ts'
import { createEgress, createSender, readJson, type Send } from '../../src/transport/index.ts'
import { eagerClock } from '../support/eager-clock.ts'
import { type SandboxOptions, startSandbox } from '../support/sandbox.ts'

/** Starts a sandbox and makes clients with the application user's token for its first organization. */
export async function startSandboxClient(
  suite: { after(end: () => Promise<void>): void },
  options: Pick<SandboxOptions, 'rows' | 'schema'> = {},
) {
  const sandbox = await startSandbox(options)
  const { authority, organizations } = sandbox.description
  const sender = createSender({
    egress: createEgress({ allow: [authority, ...organizations.map(({ url }) => url)] }),
    clock: systemClock,
    logger: silentLogger,
  })
  suite.after(async () => {
    await sender.close()
    await sandbox.close()
  })
  const token = await requestToken(sender.send, sandbox.description)
  // A test may move the sandbox’s clock beyond the token’s end.
  const replace = () => requestToken(sender.send, sandbox.description)
  const clientOf = (environmentUrl: string, more: Partial<DataverseClientOptions> = {}) =>
    new DataverseClient({
      environmentUrl,
      apiVersion: 'v9.2',
      tokens: { token: async () => token, replace },
      send: sender.send,
      clock: eagerClock(),
      logger: silentLogger,
      ...more,
    })
  const client = clientOf(sandbox.description.orgUrl)
  return { client, clientOf, freshToken: replace, sandbox, send: sender.send, token }
}

/** Gets the application user's token from the sandbox. */
export async function requestToken(
  send: Send,
  description: Awaited<ReturnType<typeof startSandbox>>['description'],
): Promise<AccessToken> {
  const { orgUrl, authority, tenantId, clientId, clientSecret } = description
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: `${orgUrl}/.default`,
  }
  const url = new URL(`${authority}/${tenantId}/oauth2/v2.0/token`)
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const body = new URLSearchParams(form).toString()
  const answer = Object(await readJson(await send({ method: 'POST', url, headers, body })))
  const value = new Secret(String(answer.access_token))
  return { value, expiresAt: systemClock.now() + Number(answer.expires_in) * 1000 }
}
