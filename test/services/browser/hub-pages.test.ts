import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Sandbox, startSandbox } from '../../support/sandbox.ts'
import { assertSound, type Person, startBrowser, type TestBrowser } from './chromium.ts'
import { type Machine, newMachine } from './program.ts'
import { answerConsent, headingAt, signIn, textOf } from './sign-in-pages.ts'

const PASSWORD = 'plums under the northern bridge'

let sandbox: Sandbox
let browser: TestBrowser
let machine: Machine
let ada: Person
let origin: string
let setUpLink: string

before(async () => {
  sandbox = await startSandbox()
  machine = await newMachine(sandbox)
  browser = await startBrowser()
  const hub = machine.start('serve')
  origin = await hub.prints(/listens at (http:\S+?);/)
  setUpLink = await hub.prints(/First user: open (\S+)/)
  ada = await browser.person()
})

after(async () => {
  await browser?.[Symbol.asyncDispose]()
  await machine?.[Symbol.asyncDispose]()
  await sandbox?.close()
})

test('the set-up link of the terminal leads to a password and then home', async () => {
  const { page, complaints } = ada
  await page.goto(setUpLink)
  await assertSound(page)
  await page.getByLabel('Name').fill('Ada')
  await page.getByLabel('Password').fill('aaaaaaaaaaaaaaaa')
  await page.getByRole('button', { name: 'Begin' }).click()
  await page.getByRole('alert').waitFor()
  await assertSound(page)
  complaints()
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Begin' }).click()
  assert.equal(await headingAt(page, /^\/$/), 'Connect Microsoft Dynamics CRM')
  await assertSound(page)
  assert.match(await textOf(page.locator('#redirect')), /^http:.*\/callback\/oauth2$/)
  assert.deepEqual(complaints(), [])
})

test('every page that is there to be read can be read, on a phone and in the dark', async () => {
  const { page, complaints } = ada
  for (const path of ['/', '/guide', '/docs', '/errors', '/explain', '/login']) {
    const answer = await page.goto(`${origin}${path}`)
    assert.equal(answer?.status(), 200, path)
    await assertSound(page)
    assert.ok((await textOf(page.locator('main'))).length > 100, `${path} says nothing`)
  }
  assert.deepEqual(complaints(), [])
})

test('a single-tenant app at /common: foreseen, seen, pasted, mended, connected', async () => {
  const { page, complaints } = ada
  await store('Sales', sandbox.description, 'common')
  await authenticate(page, 'Sales')
  assert.match(await textOf(page.locator('main')), /will probably refuse this with AADSTS50194/)
  await assertSound(page)
  const refused = await followLink(page)
  const shown = await textOf(refused.locator('#message'))
  assert.match(shown, /AADSTS50194/)
  await refused.close()
  await paste(page, shown)
  await page.getByRole('button', { name: 'Use my organization’s address' }).click()
  const pages = await followLink(page)
  await signIn(pages, sandbox.user('admin'))
  await answerConsent(pages, 'Accept')
  assert.equal(await headingAt(pages, /^\/callback\/oauth2\/result\//), 'Connected')
  await assertSound(pages)
  // The tab that waits looks by itself.
  await page.getByRole('heading', { name: 'Connected' }).waitFor()
  await assertSound(page)
  await page.getByRole('link', { name: 'To the hub' }).click()
  assert.match(await textOf(page.getByRole('row').filter({ hasText: 'Sales' })), /connected/)
  await assertSound(page)
  assert.deepEqual(complaints(), [])
})

test('an error of Microsoft’s page is explained where the hub waits, with its own address', async () => {
  const { page, complaints } = ada
  const { tenantId } = sandbox.description
  await store('Service', sandbox.app('noRedirect'), tenantId)
  await authenticate(page, 'Service')
  const refused = await followLink(page)
  const shown = await textOf(refused.locator('#message'))
  assert.match(shown, /AADSTS\d+/)
  await assertSound(refused)
  await paste(page, shown)
  const explained = await textOf(page.locator('main'))
  assert.ok(explained.includes(`${origin}/callback/oauth2`), explained)
  assert.match(explained, /Web/)
  assert.deepEqual(complaints(), [])
})

/** Stores an Auth Client and a Credential of the same name from the command line. */
async function store(
  name: string,
  app: { readonly clientId: string; readonly clientSecret: string | null },
  tenant: string,
): Promise<void> {
  const { authority, orgUrl } = sandbox.description
  const secretFile = machine.path(`${name}.secret`)
  await writeFile(secretFile, app.clientSecret ?? '', { mode: 0o600 })
  const resource = encodeURIComponent(`${orgUrl}/`)
  await machine.run(
    ...['auth-clients', 'add', name, '--client-id', app.clientId, '--secret-file', secretFile],
    ...['--authorization-endpoint', `${authority}/${tenant}/oauth2/authorize?resource=${resource}`],
    ...['--token-endpoint', `${authority}/${tenant}/oauth2/token`],
  )
  await machine.run('credentials', 'add', orgUrl, '--auth-client', name, '--name', name)
}

async function authenticate(page: Page, name: string): Promise<void> {
  await page.goto(origin)
  await page.getByRole('button', { name: `Authenticate ${name}` }).click()
  await page.getByRole('heading', { name: 'Waiting for your sign-in' }).waitFor()
}

async function followLink(page: Page): Promise<Page> {
  const link = page.getByRole('link', { name: 'Sign in at Microsoft' })
  const opened = await ada.newTab(() => link.click())
  await opened.waitForLoadState()
  return opened
}

async function paste(page: Page, text: string): Promise<void> {
  await page.getByLabel(/Paste it here/).fill(text)
  await page.getByRole('button', { name: 'Explain it' }).click()
  await page.getByText('Trace ID').first().waitFor()
  await assertSound(page)
}
