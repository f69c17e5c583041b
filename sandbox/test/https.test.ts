import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Bench } from './bench.ts'

/** Connects to the sandbox for a host of Microsoft's, names and certificate checked as ever. */
function askMapped(
  url: string,
  port: number,
  ca: string,
): Promise<{ status: number; text: string; challenge: string }> {
  const { hostname, pathname, search } = new URL(url)
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      servername: hostname,
      path: pathname + search,
      headers: { host: hostname },
      ca,
    }
    const call = request(options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => {
        const challenge = response.headers['www-authenticate'] ?? ''
        resolve({ status: response.statusCode ?? 0, text, challenge })
      })
    })
    call.on('error', reject)
    call.end()
  })
}

test("the guide's literal addresses answer over https with the test CA", async (t) => {
  const { line } = await Bench.start(t, { https: true })
  const ca = readFileSync(line.caFile ?? '', 'utf8')
  const authorize =
    'https://login.windows.net/common/oauth2/authorize?resource=https%3A%2F%2Forgfb974624.crm4.dynamics.com%2F'
  const login = await askMapped(authorize, Number(new URL(line.authority).port), ca)
  assert.match(login.text, /AADSTS900144: .*client_id/)
  const orgPort = Number(new URL(line.orgUrl).port)
  for (const host of ['orgfb974624.crm4.dynamics.com', 'orgfb974624.api.crm4.dynamics.com']) {
    const { challenge } = await askMapped(`https://${host}/api/data/`, orgPort, ca)
    assert.equal(
      challenge,
      `Bearer authorization_uri=https://login.microsoftonline.com/${line.tenantId}/oauth2/authorize, resource_id=https://${host}/`,
    )
  }
})

test('a host that the certificate does not name is refused by the client', async (t) => {
  const { line } = await Bench.start(t, { https: true })
  const ca = readFileSync(line.caFile ?? '', 'utf8')
  const port = Number(new URL(line.authority).port)
  await assert.rejects(askMapped('https://login.example/', port, ca), {
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  })
})

test('the CA of a state folder stays the same', async (t) => {
  const state = mkdtempSync(join(tmpdir(), 'sandbox-test-'))
  t.after(() => rmSync(state, { recursive: true, force: true }))
  const first = await Bench.start(t, { https: true, state })
  const before = readFileSync(first.line.caFile ?? '', 'utf8')
  await first.close()
  const second = await Bench.start(t, { https: true, state })
  assert.equal(readFileSync(second.line.caFile ?? '', 'utf8'), before)
})
