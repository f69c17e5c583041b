import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { DynamicsWebApi } from 'dynamics-web-api'
import { Bench } from '../bench.ts'

/** A sandbox over http and the foreign client, signed in as the application. */
export async function startClient(
  t: TestContext,
  rows = { accounts: 25, contacts: 30 },
): Promise<{ bench: Bench; client: DynamicsWebApi }> {
  const bench = await Bench.start(t, { rows })
  const answer = await bench.token({ grant_type: 'client_credentials', resource: bench.resource })
  assert.equal(answer.status, 200, answer.text)
  const accessToken = String(answer.body['access_token'])
  const client = new DynamicsWebApi({
    serverUrl: bench.line.orgUrl,
    dataApi: { version: '9.2' },
    onTokenRefresh: async () => ({ accessToken }),
  })
  return { bench, client }
}

/** Waits for a refusal and gives what the client made of it. */
export async function refusal(work: Promise<unknown>): Promise<{ status: number; code: string }> {
  try {
    await work
  } catch (error) {
    return error as { status: number; code: string }
  }
  throw new assert.AssertionError({ message: 'nothing was refused' })
}
