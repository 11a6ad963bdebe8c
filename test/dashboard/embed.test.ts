import { describeWithChromium } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { useHostPage } from './host-page.ts'
import { useStage } from './stage.ts'

describeWithChromium('the inbox in a page of somebody else', () => {
  const stage = useStage()
  const browser = useBrowser()
  const addressOf = useHostPage(stage)
  const ANA = { show: 'ApprovalInbox', id: 'ana', role: 'supervisor' } as const

  it('lets people decide, and leaves the address, the styles and the title of the page to it [DASH-11]', async () => {
    const proposal = await stage.ask({ action: 'note.write', args: { text: 'of the shop' } })
    const at = addressOf(ANA)
    const page = await browser.open(at)
    await page.getByRole('link', { name: /of the shop/ }).click()
    await page.getByRole('heading', { level: 2 }).waitFor()
    expect(page.url()).toBe(at)
    expect(await page.evaluate("getComputedStyle(document.querySelector('h1')).color")).toBe('rgb(1, 2, 3)')
    expect(await page.evaluate("getComputedStyle(document.querySelector('body > button')).borderTopStyle")).toBe(
      'dotted',
    )
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Control+Enter')
    await page.getByRole('form', { name: 'Approve this action' }).waitFor()
    await page.keyboard.press('Control+Enter')
    await expect.poll(async () => (await stage.now(proposal)).state, { timeout: 20_000 }).toBe('succeeded')
    expect((await stage.now(proposal)).decidedBy).toEqual(['user:ana'])
  })

  it('opens on one proposal, has its dialogs where its styles are, and no main part beside that of the page [DASH-11]', async () => {
    const proposal = await stage.ask({ action: 'note.write', args: { text: 'again' } })
    const page = await browser.open(addressOf({ ...ANA, props: { proposal: proposal.id } }))
    await page.getByRole('button', { name: 'Allow similar calls…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    expect(await dialog.evaluate((element) => element.closest('.preceptor') !== null)).toBe(true)
    expect(await page.evaluate("getComputedStyle(document.querySelector('[role=dialog]')).position")).toBe('fixed')
    expect(await page.locator('main, #main').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Copy link' }).count()).toBe(0)
  })

  it('leaves every key to the page until the focus is in it, and the page where it is scrolled to [DASH-11]', async () => {
    await stage.ask({ action: 'note.write', args: { text: 'for later' } })
    const page = await browser.open(addressOf(ANA), { viewport: { width: 1280, height: 260 } })
    const row = page.getByRole('link', { name: /for later/ })
    await row.waitFor()
    await page.getByRole('button', { name: 'Of the shop' }).focus()
    await page.keyboard.press('j')
    expect(await page.locator('a.row:focus').count()).toBe(0)
    await page.getByRole('heading', { level: 1, name: 'Inbox' }).click()
    await row.focus()
    await page.keyboard.press('k')
    await expect.poll(() => page.locator('a.row:focus').count()).toBe(1)
    await page.evaluate('scrollTo(0, 80)')
    await page.evaluate('document.querySelector("a.row").click()')
    await page.getByRole('heading', { level: 2 }).waitFor()
    expect(await page.evaluate('scrollY')).toBeGreaterThan(0)
  })
})
