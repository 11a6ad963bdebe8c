import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { violations } from './axe.ts'

/** Elements that only text of somebody else could have made. */
const MARKUP =
  'main :is(img, script, iframe, object, embed, style, link, base, meta, video, math, template), main [onerror], main [onload]'

/** How a page of a test is looked at: in both themes, and on a phone. */
export const LOOKS = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['a phone', { colorScheme: 'light', viewport: { width: 360, height: 740 } }],
] as const

/** Opens an address of the page that is signed in, and waits until it has been read. */
export async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await page.getByRole('heading', { level: 1 }).waitFor()
  const reading = page.getByText(/^(Reading…|Drawing it…)$/)
  await expect.poll(() => reading.count(), { timeout: 15_000 }).toBe(0)
}

/** A page is in order: axe finds nothing, it is no wider than the window, and nothing of it is markup of somebody else. */
export async function expectInOrder(page: Page, name: string): Promise<void> {
  expect(await violations(page), name).toEqual([])
  expect(await wideElements(page), `${name} scrolls sideways`).toEqual([])
  expect(await page.locator(MARKUP).count(), `${name} has markup`).toBe(0)
}

const WIDE = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth <= clientWidth) return []
  const wide = [...document.querySelectorAll('body *')].filter((element) => {
    const { right, left } = element.getBoundingClientRect()
    return right > clientWidth + 1 || left < -1
  })
  return ['' + scrollWidth, ...wide.slice(0, 12).map(({ tagName, className, textContent }) => tagName + ' ' + className + ' ' + textContent.slice(0, 30))]
})()`

/** Names of what is wider than the window, where that makes the page scroll sideways. */
export async function wideElements(page: Page): Promise<readonly string[]> {
  return page.evaluate(WIDE)
}
