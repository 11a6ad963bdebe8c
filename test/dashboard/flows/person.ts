import type { Locator, Page } from 'playwright-core'
import { afterEach, expect } from 'vitest'
import type { TestBrowser } from '../browser.ts'
import type { Hosted } from '../host/hosted.ts'

/** Somebody at the dashboard. Each flow is written once, for who has a pointer and for who has keys alone. */
export interface Person {
  readonly page: Page
  /** Presses a button or follows a link; `key` is what does the same on the map of the keyboard. */
  press(target: Locator, key?: string): Promise<void>
  /** Opens a row of a list. */
  open(row: Locator): Promise<void>
  goTo(page: keyof typeof GO): Promise<void>
  /** Puts a text in the place of what a field holds. */
  write(field: Locator, text: string): Promise<void>
  /** Picks a radio button, or checks a box. */
  choose(option: Locator): Promise<void>
}

/** How somebody acts. */
export type Hand = 'pointer' | 'keyboard'

/** What a flow is tried on. */
export interface FlowStage {
  readonly hosted: Hosted
  /** Opens the dashboard at a path and signs in. */
  comes(name: 'ada' | 'ana', path?: string): Promise<Person>
}

/** The letters that follow G. */
const GO = { Inbox: 'i', Live: 'l', Agents: 'a', Training: 't', Settings: 's' } as const
const MOST_STEPS = 120

/** Lets people come to a plane, who act in one way alone: what is done in another one fails the test. */
export function usePeople(hosted: Hosted, browser: TestBrowser, hand: Hand): FlowStage {
  const strays: string[] = []
  afterEach(() => {
    expect(strays.splice(0)).toEqual([])
  })
  return {
    hosted,
    async comes(name, path = '/inbox') {
      const page = await browser.open(`${hosted.desk}${path}`, { reducedMotion: 'reduce' })
      if (hand === 'keyboard') await watchForPointers(page, strays)
      const person = hand === 'keyboard' ? byKeyboard(page) : byPointer(page)
      await person.write(page.getByLabel('API key'), hosted.keys[name])
      await person.press(page.getByRole('button', { name: 'Sign in' }), 'Enter')
      await page.getByRole('navigation', { name: 'Pages' }).waitFor()
      return person
    },
  }
}

function byPointer(page: Page): Person {
  const press = (target: Locator): Promise<void> => target.click()
  return {
    page,
    press,
    open: press,
    goTo: (name) => press(page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name })),
    write: (field, text) => field.fill(text),
    choose: (option) => option.check(),
  }
}

function byKeyboard(page: Page): Person {
  const { keyboard } = page
  const goUntil = async (key: string, isThere: () => Promise<boolean>): Promise<void> => {
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      if (await isThere()) return
      await keyboard.press(key)
    }
    throw new Error(`${key} does not lead there.`)
  }
  const hasFocus = (target: Locator) => () => target.evaluate((element) => element.matches(':focus'))
  const tabTo = (target: Locator): Promise<void> => goUntil('Tab', hasFocus(target))
  return {
    page,
    async press(target, key) {
      await target.waitFor()
      // Nobody presses a key before what it is for is in sight.
      await page.evaluate('new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)))')
      if (key === undefined) await tabTo(target)
      await keyboard.press(key ?? 'Enter')
    },
    async open(row) {
      await row.waitFor()
      await goUntil('j', hasFocus(row))
      await keyboard.press('Enter')
    },
    async goTo(name) {
      await keyboard.press('g')
      await keyboard.press(GO[name])
    },
    async write(field, text) {
      await tabTo(field)
      await keyboard.press('Control+A')
      await keyboard.type(text)
    },
    async choose(option) {
      // Tab leads to a group of radio buttons, the arrows lead through it.
      await goUntil('Tab', () =>
        option.evaluate(
          (element) =>
            element.matches(':focus') || element.closest('fieldset')?.querySelector('[type="radio"]:focus') != null,
        ),
      )
      if (await option.isChecked()) return
      if (await hasFocus(option)()) return keyboard.press('Space')
      await goUntil('ArrowDown', () => option.isChecked())
    },
  }
}

const WATCH = `
  let isTyping = false
  for (const kind of ['pointerdown', 'mousedown', 'touchstart']) addEventListener(kind, () => stray(kind), true)
  addEventListener('click', ({ detail }) => detail > 0 && stray('click'), true)
  addEventListener('keydown', () => { isTyping = true }, true)
  addEventListener('input', () => { if (!isTyping) stray('input without a key'); isTyping = false }, true)
`

/** Notes each event that no key brings about. */
async function watchForPointers(page: Page, strays: string[]): Promise<void> {
  await page.exposeFunction('stray', (kind: string) => void strays.push(kind))
  await page.evaluate(`(() => {${WATCH}})()`)
}
