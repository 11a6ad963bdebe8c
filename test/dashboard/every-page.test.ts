import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describeWithChromium } from '@preceptor/test-setup'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { contrastViolations, violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { expectInOrder, visit, wideElements } from './routes.ts'
import { dialogsOf } from './world/dialogs.ts'
import { openDialog } from './world/open-dialog.ts'
import { ANALYTICS, leadsOf, pagesOf, SETTINGS } from './world/pages.ts'
import { picturesOf, readmeOf } from './world/pictures.ts'
import { analyticsViews, dialogFiles, routePaths, settingsSections } from './world/route-tree.ts'
import { drawSmall } from './world/small-picture.ts'
import { useWorld } from './world/use-world.ts'
import { usualTexts } from './world/usual-texts.ts'

const WIDE = { width: 1280, height: 800 }
const PHONE = { width: 360, height: 740 }
const PICTURES = new URL('../../docs/screenshots/', import.meta.url)
/** How many navigations say that they are at two places at once. */
const TWICE = `[...document.querySelectorAll('nav')].filter((nav) => nav.querySelectorAll('[aria-current="page"]').length > 1).length`
const DRAWS = process.env.PRECEPTOR_SCREENSHOTS === '1'

describeWithChromium('every page of the dashboard', () => {
  const world = useWorld(usualTexts)
  // A plane that does much may say that it is not ready just now.
  const browser = useBrowser({ expects: [/status of 503/] })
  const at = (address: string): string => `${world.stage.mounts.deep}/${address}`
  const signedIn = (who: 'ana' | 'ada'): Promise<Page> =>
    browser.signedIn(world.stage.mounts.deep, world.stage.keys[who], { viewport: WIDE, reducedMotion: 'reduce' })

  it('is on the list that is gone through here [DASH-24]', () => {
    const listed = [...pagesOf(world.ids).map(({ route }) => route), ...leadsOf(world.ids).map(([route]) => route)]
    expect([...new Set(listed)].sort()).toEqual([...routePaths()].sort())
    expect(Object.keys(ANALYTICS).sort()).toEqual([...analyticsViews()].sort())
    expect(Object.keys(SETTINGS).sort()).toEqual([...settingsSections()].sort())
    const names = pagesOf(world.ids).map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(['ana', 'ada'] as const)(
    'is in order in both themes and on a phone, as %s sees it [DASH-24]',
    { timeout: 600_000 },
    async (who) => {
      const page = await signedIn(who)
      for (const { name, address, who: looks = 'ana' } of pagesOf(world.ids)) {
        if (looks !== who) continue
        await visit(page, at(address))
        if (name === 'settings-about') await whenReady(page)
        await expectInOrder(page, name)
        expect(await page.evaluate(TWICE), `${name} is in two places of one navigation`).toBe(0)
        if (DRAWS) await draw(page, name)
        await page.emulateMedia({ colorScheme: 'dark' })
        expect(await contrastViolations(page), `${name}, dark`).toEqual([])
        if (DRAWS && picturesOf(name).includes(`${name}-dark`)) await draw(page, `${name}-dark`)
        await page.emulateMedia({ colorScheme: 'light' })
        await page.setViewportSize(PHONE)
        expect(await wideElements(page), `${name} on a phone`).toEqual([])
        if (DRAWS && picturesOf(name).includes(`${name}-phone`)) await draw(page, `${name}-phone`)
        await page.setViewportSize(WIDE)
      }
    },
  )

  it('leads on where it only leads on [DASH-24]', { timeout: 60_000 }, async () => {
    const page = await signedIn('ana')
    for (const [, address, to] of leadsOf(world.ids)) {
      await page.goto(at(address))
      const pattern = to.replace(/\$\w+/g, '[^/?]+').replaceAll('/', '\\/')
      await page.waitForURL(new RegExp(`governance${pattern}(?:\\?|$)`))
    }
  })

  it.each(['ana', 'ada'] as const)(
    'offers dialogs that are in order, as %s sees them [DASH-24]',
    { timeout: 600_000 },
    async (who) => {
      const page = await signedIn(who)
      for (const dialog of dialogsOf(world.ids)) {
        const { file, address, press, who: looks = 'ada' } = dialog
        if (looks !== who) continue
        await visit(page, at(address))
        await openDialog(page, dialog)
        expect(await violations(page), `${file} by ${String(press.at(-1))}`).toEqual([])
        await page.setViewportSize(PHONE)
        expect(await wideElements(page), `${file} on a phone`).toEqual([])
        await page.setViewportSize(WIDE)
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
      }
    },
  )

  it('has no dialog that is not opened here [DASH-24]', () => {
    expect([...new Set(dialogsOf(world.ids).map(({ file }) => file))].sort()).toEqual([...dialogFiles()].sort())
  })

  it('has its picture in the documentation [DASH-24]', () => {
    const pages = pagesOf(world.ids)
    const readme = new URL('README.md', PICTURES)
    if (DRAWS) writeFileSync(readme, readmeOf(pages))
    expect(readFileSync(readme, 'utf8')).toBe(readmeOf(pages))
    const expected = pages.flatMap(({ name }) => picturesOf(name).map((picture) => `${picture}.png`))
    expect(readdirSync(PICTURES).sort()).toEqual([...expected, 'README.md'].sort())
  })
})

async function draw(page: Page, name: string): Promise<void> {
  if (!existsSync(PICTURES)) mkdirSync(PICTURES)
  await drawSmall(page, new URL(`${name}.png`, PICTURES).pathname)
}

/** Reads the health of the plane again until it is well, as it is on a machine that does nothing else. */
async function whenReady(page: Page): Promise<void> {
  const ready = page.getByText('The gate decides.')
  const readAgain = async (): Promise<number> => {
    const found = await ready.count()
    if (found === 0) await page.getByRole('button', { name: 'Check again' }).click()
    return found
  }
  await expect.poll(readAgain, { timeout: 30_000, interval: 1_000 }).toBe(1)
}
