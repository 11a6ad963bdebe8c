import { describeWithChromium } from '@preceptor/test-setup'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { appSources, partsOf } from '../structure/dashboard-texts.ts'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { shown, useStage } from './stage.ts'

const WIDTHS = [360, 1280] as const
const HEIGHT = 900

/** What holds no words of ours: what agents wrote, ids, keys of the keyboard, and what the server says. */
const NOT_OURS = [
  'code',
  'pre',
  'kbd',
  'textarea',
  'option',
  '.button-hint',
  '.card-id',
  '.reasons',
  '.outcome',
  '.form .field-label',
  '.brand',
  // The name of the workspace is in its title.
  '.top-name',
  '.maturity',
  '.row-args',
  '.row-action',
  '.card-title',
  '#history-title',
  '.alike',
  'noscript',
]

/** Every word of four letters or more that a message says in English. */
const WORDS: ReadonlySet<string> = new Set(
  appSources()
    .flatMap(partsOf)
    .flatMap(({ messages }) =>
      messages.flatMap(({ text }) => text.replaceAll(/<[^>]*>/g, ' ').match(/\p{L}{4,}/gu) ?? []),
    ),
)

describeWithChromium('the dashboard in another language', () => {
  const stage = useStage()
  const browser = useBrowser()

  const openIn = async (language: string): Promise<Page> => {
    const { origin } = new URL(stage.mounts.deep)
    const localStorage = [{ name: 'preceptor.preferences', value: JSON.stringify({ language }) }]
    const storageState = { cookies: [], origins: [{ origin, localStorage }] }
    return browser.open(`${stage.mounts.deep}/inbox`, { storageState, reducedMotion: 'reduce' })
  }
  const signIn = async (page: Page): Promise<void> => {
    await page.locator('input[name=key]').fill(stage.keys.ana)
    await page.keyboard.press('Enter')
    await page.locator('a.row').first().waitFor()
  }

  /** Looks at the page as it stands, narrow and wide: no plain English, nothing wider than the window. */
  const look = async (page: Page, where: string): Promise<void> => {
    expect.soft(await plainWords(page), where).toEqual([])
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: HEIGHT })
      expect.soft(await tooWide(page), `${where} at ${width} pixels`).toEqual([])
    }
  }

  it.each([
    ['en-x-long', 'ltr'],
    ['en-x-mirror', 'rtl'],
  ] as const)(
    'says all of it in %s, written %s, and nothing of it overflows [DASH-16]',
    async (language, direction) => {
      const decided = await stage.ask()
      await stage.ben.proposals.reject(decided.id, { ...shown(decided), category: 'duplicate', reason: '…' })
      const proposal = await stage.ask({ context: { 1: 2 }, resource: 'cus_1' })
      await stage.ben.proposals.comment(proposal.id, '…')
      const page = await openIn(language)
      await page.locator('form').waitFor()
      await look(page, 'the sign-in')
      expect(await page.locator('html').getAttribute('dir')).toBe(direction)
      expect(await page.locator('h1').textContent()).toBe('Sïgñ ïñ~~~')
      await signIn(page)
      await look(page, 'the inbox')
      await page.goto(`${stage.mounts.deep}/inbox/${proposal.id}`)
      await page.getByRole('heading', { level: 2 }).waitFor()
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click()
        await look(page, `the tab ${await tab.textContent()}`)
      }
      expect(await page.locator('#what-title').textContent()).toBe('Whàt wïll hàppéñ~~~~~~')
      expect(await violations(page)).toEqual([])
      for (const key of ['Control+Enter', 'e', 'r', 'q', 'h', 'a']) {
        await page.keyboard.press(key)
        await page.getByRole('form').and(page.locator('.decision')).waitFor()
        await look(page, `the form of ${key}`)
        await page.keyboard.press('Escape')
        await page.locator('.decision').waitFor({ state: 'detached' })
      }
      for (const key of ['?', 'Control+k']) {
        await page.keyboard.press(key)
        await page.getByRole('dialog').waitFor()
        await look(page, `what ${key} opens`)
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
      }
      await page.goto(`${stage.mounts.deep}/inbox/${decided.id}`)
      await page.locator('.outcome').getByText('Réjéçtéd bý ben').waitFor()
      await look(page, 'a card that is decided')
    },
    90_000,
  )
})

// What runs in the page is a text: the types of a browser are none of these files'.
const TEXTS = `(others) => {
  const said = []
  const isOurs = (element) => element !== null && element.closest(others) === null
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode() !== null) {
    if (isOurs(walker.currentNode.parentElement)) said.push(walker.currentNode.textContent)
  }
  for (const name of ['aria-label', 'title', 'placeholder']) {
    for (const element of document.querySelectorAll('[' + name + ']')) {
      if (isOurs(element)) said.push(element.getAttribute(name))
    }
  }
  return said
}`

/** The words of our messages that stand on a page in plain English, read or heard. */
async function plainWords(page: Page): Promise<readonly string[]> {
  const others = JSON.stringify(NOT_OURS.join())
  const texts: readonly string[] = await page.evaluate(`(${TEXTS})(${others})`)
  const words = texts.flatMap((text) => text.match(/\p{L}{4,}/gu) ?? [])
  return [...new Set(words)].filter((word) => WORDS.has(word))
}

const TOO_WIDE = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement
  const isOut = (element) => {
    const { left, right, width } = element.getBoundingClientRect()
    return width > 1 && (left < -1 || right > clientWidth + 1)
  }
  const boxes = [...document.querySelectorAll('button, label, legend, h1, h2, h3, .badge, .chip, .tag, [role="tab"]')]
  const full = boxes.filter((box) => box.clientWidth > 1 && box.scrollWidth > box.clientWidth + 1)
  const out = scrollWidth > clientWidth ? [...document.body.querySelectorAll('*')].filter(isOut) : []
  return [...out, ...full].map((element) => element.tagName + '.' + element.className + ' ' + element.textContent)
})()`

/** What makes a page scroll sideways, and what runs out of its own box. */
const tooWide = (page: Page): Promise<readonly string[]> => page.evaluate(TOO_WIDE)
