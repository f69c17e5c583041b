import assert from 'node:assert/strict'
import type { Explanation, Json } from '../../src/kernel/index.ts'
import type { TestHub } from './hub.ts'
import type { Behaviour } from './person.ts'
import type { Sandbox } from './sandbox.ts'

/** What a person is told after a sign-in that failed. */
export interface Refused extends Explanation {
  readonly code: string
  readonly facts: Readonly<Record<string, Json>>
  /** Whether Microsoft's own page said it, so that the text was pasted. */
  readonly pasted: boolean
  readonly change?: object
}

/** Signs in and expects to be refused: clearly, with nothing stored, and with no secret shown. */
export async function refused(
  hub: TestHub,
  sandbox: Sandbox,
  credentialId: string,
  behaviour: Behaviour,
): Promise<Refused> {
  const { ending, result, flowId } = await hub.signIn(credentialId, behaviour)
  await expectNothingStored(hub, credentialId)
  if (ending.kind === 'page') {
    const about = { workspaceId: 'default', credentialId }
    const [explanation] = await hub.connect.explain(ending.text, about)
    assert.ok(explanation, ending.text)
    expectNoSecret(hub, sandbox, explanation)
    return { ...explanation, facts: {}, pasted: true }
  }
  assert.equal(result?.outcome, 'failed', JSON.stringify(result))
  const { failure } = result
  expectClear(failure)
  expectNoSecret(hub, sandbox, failure, ending.url.searchParams.get('code') ?? undefined)
  assert.equal((await hub.connect.flow('default', flowId)).state, 'failed')
  return { ...failure, pasted: false }
}

/** Expects a Credential that was never connected: no tokens, no identity, no half of either. */
export async function expectNothingStored(hub: TestHub, credentialId: string): Promise<void> {
  const credential = await hub.vault.credentials.get('default', credentialId)
  assert.equal(credential.state, 'new')
  assert.equal(credential.identity, undefined)
  const tokens = await hub.store.db
    .selectFrom('credential_tokens')
    .select(['access_token', 'refresh_token', 'former_refresh_token'])
    .where('credential_id', '=', credentialId)
    .executeTakeFirstOrThrow()
  assert.deepEqual(Object.values(tokens), [null, null, null])
}

/** Expects every part of an explanation to be filled, and every placeholder gone. */
export function expectClear({ what, why, remedy }: Explanation): void {
  for (const text of [what, why, remedy]) {
    assert.ok(text.length > 3)
    assert.doesNotMatch(text, /\{\w+\}|undefined|\[object/)
  }
}

/** Expects no secret of the test in what is shown or logged. */
export function expectNoSecret(
  hub: TestHub,
  sandbox: Sandbox,
  shown: unknown,
  ...more: readonly (string | undefined)[]
): void {
  const { apps, users } = sandbox.description
  const secrets = [
    ...apps.map((app) => app.clientSecret),
    ...users.map((user) => user.password),
    ...more,
  ]
  const texts = [JSON.stringify(shown), ...hub.log].join('\n')
  assert.doesNotMatch(texts, /eyJ[A-Za-z0-9_-]{10}/)
  for (const secret of secrets) if (secret) assert.ok(!texts.includes(secret))
}
