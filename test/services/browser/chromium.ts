import assert from 'node:assert/strict'
import { chromium, type Page } from 'playwright-core'

/** Debian's Chromium, with a fresh profile for every person. */
export interface TestBrowser extends AsyncDisposable {
  /** Opens a window with cookies of its own. */
  person(): Promise<Person>
}

export interface Person {
  readonly page: Page
  /** What the browser has complained of, in any of this person's tabs, since it was asked last. */
  complaints(): readonly string[]
  /** Runs what opens a tab, and gives that tab. */
  newTab(open: () => Promise<void>): Promise<Page>
}

/** Where Chromium is, as `npm run test:services` found it. */
const EXECUTABLE = process.env['FAIRLEAD_TEST_CHROMIUM']
const LIBRARIES = process.env['FAIRLEAD_TEST_CHROMIUM_LIBRARIES']
const PATIENCE_MS = 20_000

export async function startBrowser(): Promise<TestBrowser> {
  assert.ok(EXECUTABLE, 'FAIRLEAD_TEST_CHROMIUM is not set: run this by npm run test:services')
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    timeout: 60_000,
    // Root has no sandbox, and a container often none at all; only our own pages are opened.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--no-proxy-server'],
    ...(LIBRARIES === undefined ? {} : { env: { ...process.env, LD_LIBRARY_PATH: LIBRARIES } }),
  })
  return {
    person: async () => {
      const context = await browser.newContext({ viewport: { width: 1100, height: 800 } })
      context.setDefaultTimeout(PATIENCE_MS)
      const complaints: string[] = []
      context.on('page', (page) => listen(page, complaints))
      const newTab = async (open: () => Promise<void>) => {
        const opened = context.waitForEvent('page')
        await open()
        return await opened
      }
      const page = await context.newPage()
      return { page, newTab, complaints: () => complaints.splice(0) }
    },
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

// Violations of the page's own policy come as errors of the console too.
function listen(page: Page, complaints: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${page.url()} ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`${page.url()} ${error.message}`))
  page.on('requestfailed', (request) =>
    complaints.push(`${request.url()} ${request.failure()?.errorText ?? 'failed'}`),
  )
}

/** What a page must not be lacking, whoever reads it: a list of what does. */
const FAULTS = `(() => {
  const faults = []
  const say = (fault, element) => faults.push(fault + (element ? ': ' + element.outerHTML.slice(0, 120) : ''))
  if (!document.title.trim()) say('no title')
  if (!document.documentElement.lang) say('no language')
  if (document.querySelectorAll('h1').length !== 1) say('not exactly one first heading')
  if (!document.querySelector('main')) say('no main part')
  for (const field of document.querySelectorAll('input:not([type=hidden]), textarea, select'))
    if (field.labels.length === 0 && !field.ariaLabel) say('a field without label', field)
  for (const control of document.querySelectorAll('a, button'))
    if (!control.textContent.trim() && !control.ariaLabel) say('a control without name', control)
  for (const image of document.querySelectorAll('img'))
    if (!image.hasAttribute('alt')) say('an image without text', image)
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
  for (const id of ids.filter((one, index) => ids.indexOf(one) !== index)) say('two elements are #' + id)
  return faults
})()`

const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'

/** The mean brightness of text and ground, 0 to 255, as they are drawn. */
const COLOURS = `(() => {
  const style = getComputedStyle(document.body)
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  const brightness = (colour) => {
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data
    return (red + green + blue) / 3
  }
  return [brightness(style.color), brightness(style.backgroundColor)]
})()`

/** Holds a page to what every page must be: named, labelled, readable on a phone, light and dark. */
export async function assertSound(page: Page): Promise<void> {
  const where = `${await page.title()} at ${new URL(page.url()).pathname}`
  assert.deepEqual(await page.evaluate(FAULTS), [], where)
  const before = page.viewportSize()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const [text = 0, ground = 0] = await page.evaluate<number[]>(COLOURS)
    const contrast = colorScheme === 'light' ? ground - text : text - ground
    assert.ok(contrast > 120, `${where} is hard to read when ${colorScheme}: ${text} on ${ground}`)
    await page.setViewportSize({ width: 375, height: 740 })
    assert.equal(await page.evaluate(OVERFLOW), 0, `${where} is wider than a phone`)
    const picture = await page.screenshot({ fullPage: true })
    assert.ok(picture.length > 2_000, `${where} is drawn empty`)
    if (before) await page.setViewportSize(before)
  }
  await page.emulateMedia({ colorScheme: null })
}
