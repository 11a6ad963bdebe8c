import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'

/** A real Chromium; pages close after each test, and what the console says of them is looked at. */
export interface TestBrowser {
  /** Opens an address in a browser that knows nothing of earlier ones. */
  open(url: string, options?: BrowserContextOptions): Promise<Page>
  /** Opens it and signs in. */
  signedIn(url: string, key: string, options?: BrowserContextOptions): Promise<Page>
  /** What the console may say in the present test, beside what it may say always. */
  expecting(complaint: RegExp): void
}

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

// What a request or a socket says that was refused on purpose, such as a decision that came second.
const EXPECTED = [
  /^Failed to load resource: the server responded with a status of 4/,
  /^WebSocket connection to \S+ failed: (?:.*\b403|HTTP Authentication failed; no valid credentials available)$/,
]

/** What the pages of a file may say. */
export interface BrowserOptions {
  /** Errors of the console that a test brings about on purpose. */
  readonly expects?: readonly RegExp[]
}

/** Starts Chromium for the tests of a file; a violation of the content security policy or an error of a page fails them. */
export function useBrowser({ expects = [] }: BrowserOptions = {}): TestBrowser {
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-chromium-'))
  const contexts: BrowserContext[] = []
  const complaints: string[] = []
  const expected: RegExp[] = []
  let browser: Awaited<ReturnType<typeof chromium.launch>> | undefined
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '',
      args: ARGS,
      env: { ...process.env, HOME: folder },
    })
  })
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close()
    const patterns = [...EXPECTED, ...expects, ...expected.splice(0)]
    expect(complaints.splice(0).filter((text) => !patterns.some((pattern) => pattern.test(text)))).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const open = async (url: string, options: BrowserContextOptions = {}): Promise<Page> => {
    if (browser === undefined) throw new Error('The browser is there only inside tests and hooks.')
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
    context.setDefaultTimeout(10_000)
    contexts.push(context)
    const page = await context.newPage()
    page.on('pageerror', (error) => void complaints.push(error.message))
    page.on('console', (message) => {
      const text = message.text()
      if (message.type() === 'error') complaints.push(text)
    })
    await page.goto(url)
    return page
  }
  return {
    open,
    expecting: (complaint) => void expected.push(complaint),
    async signedIn(url, key, options) {
      const page = await open(url, options)
      await signIn(page, key)
      return page
    },
  }
}

/** Signs in on a page that asks for it. */
export async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('API key').fill(key)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
}

/** Scrolls behind an open decision, as somebody does who reads, until the end of the arguments counts as seen. */
export async function readToTheEnd(page: Page, stepPx = 200): Promise<void> {
  await page.mouse.move(650, 200)
  const scroll = async (): Promise<number> => {
    await page.mouse.wheel(0, stepPx)
    return page.getByText('read the arguments to their end').count()
  }
  await expect.poll(scroll, { timeout: 30_000 }).toBe(0)
}
