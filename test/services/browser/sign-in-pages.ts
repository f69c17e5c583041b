import type { Locator, Page } from 'playwright-core'
import type { SandboxUser } from '../../support/sandbox.ts'
import { assertSound } from './chromium.ts'

/** Types name and password on the sign-in page, as a person does, and goes on. */
export async function signIn(page: Page, user: SandboxUser): Promise<void> {
  await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
  await assertSound(page)
  await page.getByLabel('User name').fill(user.username)
  await page.getByLabel('Password').fill(user.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Answers the question for permissions. */
export async function answerConsent(page: Page, button: 'Accept' | 'Cancel'): Promise<void> {
  await page.getByRole('heading', { name: /^Permissions requested/ }).waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: button }).click()
}

/** What the first heading of the page says, once it is one of ours. */
export async function headingAt(page: Page, path: RegExp): Promise<string> {
  await page.waitForURL((url) => path.test(url.pathname))
  return await textOf(page.getByRole('heading', { level: 1 }))
}

/** What an element says, as it is read. */
export async function textOf(element: Locator): Promise<string> {
  return ((await element.textContent()) ?? '').replace(/\s+/g, ' ').trim()
}
