import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { type Sandbox, startSandbox } from '../../support/sandbox.ts'
import { assertSound, startBrowser, type TestBrowser } from './chromium.ts'
import { type Machine, newMachine, type Program } from './program.ts'
import { answerConsent, headingAt, signIn, textOf } from './sign-in-pages.ts'

const RESULT = /^\/callback\/oauth2\/result\//

let sandbox: Sandbox
let browser: TestBrowser
let machine: Machine

before(async () => {
  sandbox = await startSandbox()
  machine = await newMachine(sandbox)
  browser = await startBrowser()
})

after(async () => {
  await browser?.[Symbol.asyncDispose]()
  await machine?.[Symbol.asyncDispose]()
  await sandbox?.close()
})

test('who cancels on the consent page is told so, and the program ends with 4', async () => {
  const { program, link } = await connect()
  const { page, complaints } = await browser.person()
  await page.goto(link)
  await signIn(page, sandbox.user('admin'))
  await answerConsent(page, 'Cancel')
  assert.match(await headingAt(page, RESULT), /declined|not accepted|cancel/i)
  await assertSound(page)
  assert.equal(new URL(page.url()).search, '', 'the address keeps what Microsoft sent')
  assert.equal(await program.exitCode(), 4, program.printed())
  assert.match(program.printed(), /remedy {2}\S/)
  assert.deepEqual(complaints(), [])
})

test('who cancels on the sign-in page is told so, and the program ends with 4', async () => {
  const { program, link } = await connect()
  const { page, complaints } = await browser.person()
  await page.goto(link)
  await page.getByRole('button', { name: 'Cancel' }).click()
  assert.match(await headingAt(page, RESULT), /sign|cancel/i)
  assert.equal(await program.exitCode(), 4, program.printed())
  assert.deepEqual(complaints(), [])
})

test('who signs in and accepts is connected, verified, and the program ends with 0', async () => {
  const { program, link } = await connect()
  const { page, complaints } = await browser.person()
  await page.goto(link)
  const user = sandbox.user('admin')
  await signIn(page, { ...user, password: 'not this one' })
  await page.getByRole('alert').waitFor()
  await signIn(page, user)
  await answerConsent(page, 'Accept')
  assert.equal(await headingAt(page, RESULT), 'Connected')
  await page.getByText(user.username).waitFor()
  assert.equal(new URL(page.url()).search, '', 'the address keeps the code')
  assert.equal(await program.exitCode(), 0, program.printed())
  assert.match(program.printed(), /Verified/)
  assert.deepEqual(complaints(), [])
})

test('the link works once: opened again, it says so', async () => {
  const { program, link } = await connect()
  const { page } = await browser.person()
  await page.goto(link)
  await page.getByLabel('User name').waitFor()
  const other = await browser.person()
  const answer = await other.page.goto(link)
  assert.ok(answer && answer.status() >= 400, `${answer?.status()}`)
  await assertSound(other.page)
  assert.equal(await program.interrupt(), 130)
})

test('where the redirect is not registered, Microsoft’s page is shown and explained', async () => {
  const { program, link } = await connect(sandbox.app('noRedirect'))
  const { page } = await browser.person()
  await page.goto(link)
  const shown = await textOf(page.locator('#message'))
  assert.match(shown, /AADSTS\d+/)
  const hub = new URL(link).origin
  await page.goto(`${hub}/explain`)
  await assertSound(page)
  await page.getByLabel(/Paste it here/).fill(shown)
  await page.getByRole('button', { name: 'Explain it' }).click()
  await page.getByRole('status').first().waitFor()
  await assertSound(page)
  assert.match(await textOf(page.locator('main')), /redirect/i)
  assert.equal(await program.interrupt(), 130, program.printed())
})

/** Runs `fairlead connect` up to the link that it prints. */
async function connect(
  app: { readonly clientId: string; readonly clientSecret: string | null } = sandbox.description,
): Promise<{ readonly program: Program; readonly link: string }> {
  const secretFile = machine.path(`${app.clientId}.secret`)
  await writeFile(secretFile, app.clientSecret ?? '', { mode: 0o600 })
  const client = ['--client-id', app.clientId, '--secret-file', secretFile]
  const { orgUrl } = sandbox.description
  const program = machine.start('connect', orgUrl, '--no-browser', ...client)
  return { program, link: await program.prints(/Sign in at (http:\S+)/) }
}
