import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

// What fades in has less contrast on its way than where it ends.
const STILL = `Promise.all(document.getAnimations()
  .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
  .map(({ finished }) => finished.catch(() => undefined)))`

/** What axe finds wrong with the page as it stands, once nothing in it moves to its place any more. */
export function violations(page: Page): Promise<readonly string[]> {
  return foundBy(page, TAGS, 11)
}

/** What axe finds wrong with the colours of the page, which are all that the other theme changes. */
export function contrastViolations(page: Page): Promise<readonly string[]> {
  return foundBy(page, ['color-contrast'], 1)
}

async function foundBy(page: Page, only: readonly string[], leastPasses: number): Promise<readonly string[]> {
  await page.evaluate(`${STILL}.then(() => undefined)`)
  // Through the debugger, where the content security policy of the page has no say.
  await page.evaluate(AXE)
  const run = `axe.run(document, { runOnly: ${JSON.stringify(only)} })`
  const { violations: found, passes } = (await page.evaluate(run)) as AxeResults
  expect(passes.length).toBeGreaterThanOrEqual(leastPasses)
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}
