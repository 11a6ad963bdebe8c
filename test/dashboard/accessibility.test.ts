import type { Proposal } from '@preceptor/client'
import { describeWithChromium } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { wideElements } from './routes.ts'
import { shown, useStage } from './stage.ts'

const PHONE = { viewport: { width: 360, height: 740 } }
const HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>'

describeWithChromium('the dashboard for everybody', () => {
  const stage = useStage()
  const browser = useBrowser()
  const cardOf = ({ id }: Proposal): string => `${stage.mounts.deep}/inbox/${id}`

  it.each(['light', 'dark'] as const)(
    'has no violation that axe knows in %s [DASH-5]',
    async (colorScheme) => {
      const before = await stage.ask({ args: { amountCents: 5, to: 'cus_1' } })
      await stage.ben.proposals.approve(before.id, { ...shown(before), reason: 'Fine.' })
      const proposal = await stage.ask({ context: { thought: 'Because.' } })
      // Without motion: axe measures what it sees, and half way between two colours that is neither of them.
      const page = await browser.open(stage.mounts.deep, { colorScheme, reducedMotion: 'reduce' })
      await page.getByLabel('API key').waitFor()
      expect(await violations(page)).toEqual([])
      await page.getByLabel('API key').fill(stage.keys.ana)
      await page.keyboard.press('Enter')
      await page
        .getByRole('link', { name: /refund\.create/ })
        .first()
        .waitFor()
      expect(await violations(page)).toEqual([])
      await page.goto(cardOf(proposal))
      await page.getByRole('heading', { level: 2 }).waitFor()
      expect(await violations(page)).toEqual([])
      for (const tab of ['JSON', /Changes/]) {
        await page.getByRole('tab', { name: tab }).click()
        expect(await violations(page)).toEqual([])
      }
      for (const name of ['Approve', 'Edit', 'Reject', 'Answer', 'Snooze', 'Withdraw', 'Extend', 'Assign']) {
        await page.getByRole('button', { name, exact: true }).click()
        expect(await violations(page), name).toEqual([])
        await page.getByRole('button', { name: 'Back' }).click()
      }
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
      expect(await violations(page)).toEqual([])
    },
    60_000,
  )

  it('is worked by keyboard alone, from the sign-in to a decision [DASH-5]', async () => {
    const proposal = await stage.ask({ action: 'note.write', args: { text: 'hello' } })
    const page = await browser.open(`${stage.mounts.deep}/inbox?sort=newest`)
    await page.getByLabel('API key').focus()
    await page.keyboard.type(stage.keys.ana)
    await page.keyboard.press('Enter')
    await page
      .getByRole('link', { name: /note\.write/ })
      .first()
      .waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/inbox/${proposal.id}?sort=newest`)
    const title = page.getByRole('heading', { level: 2 })
    await expect.poll(() => title.evaluate((element) => element.matches(':focus'))).toBe(true)
    for (const tab of ['JSON', 'Changes', 'Preview']) {
      await page.keyboard.press('v')
      await page.getByRole('tab', { name: tab, selected: true }).waitFor()
    }
    // No single key approves; nor does a letter that is typed into a field do anything else.
    for (const key of ['y', 'x', 'Enter', ' ']) await page.keyboard.press(key)
    await page.keyboard.press('q')
    await page.getByRole('textbox', { name: /Answer/ }).waitFor()
    await page.keyboard.type('erq')
    expect(await page.getByRole('form').getAttribute('aria-label')).toBe('Answer instead of the action')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('form', { name: 'Approve this action' }).waitFor()
    expect((await stage.now(proposal)).state).toBe('pending')
    await page.keyboard.press('Control+Enter')
    await expect.poll(async () => (await stage.now(proposal)).state, { timeout: 15_000 }).toBe('succeeded')
  })

  it('gives the focus back to what had it before a dialog, and to nothing that opened another one [DASH-5]', async () => {
    const page = await browser.signedIn(cardOf(await stage.ask()), stage.keys.ana)
    const opener = page.getByRole('button', { name: 'Keyboard' })
    const dialog = page.getByRole('dialog')
    await page.getByRole('heading', { level: 2 }).waitFor()
    await opener.focus()
    await page.keyboard.press('Enter')
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => opener.evaluate((button) => button.matches(':focus'))).toBe(true)
    for (const key of ['?', 'Control+K']) {
      await opener.evaluate((button) => button.blur())
      await page.keyboard.press(key)
      await dialog.waitFor()
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      expect(await page.evaluate('document.activeElement === document.body'), key).toBe(true)
    }
  })

  it('lets single keys be turned off [DASH-5]', async () => {
    const page = await browser.signedIn(cardOf(await stage.ask()), stage.keys.ana)
    await page.getByRole('heading', { level: 2 }).waitFor()
    await page.keyboard.press('?')
    await page.getByLabel('Single keys act').uncheck()
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('r')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('form', { name: 'Approve this action' }).waitFor()
  })

  it('shows 20 kB in full on a phone, without scrolling sideways [DASH-6]', async () => {
    const unbroken = 'x'.repeat(4_000)
    const text = Array.from({ length: 320 }, (_, line) => `line ${line} of what the agent wants to write`).join('\n')
    const args = { unbroken, text, last: 'the very end' }
    const page = await browser.signedIn(cardOf(await stage.ask({ action: 'note.write', args })), stage.keys.ana, PHONE)
    await page.getByText('the very end', { exact: true }).waitFor()
    expect(await wideElements(page)).toEqual([])
    await page.getByRole('tab', { name: 'JSON' }).click()
    const json = page.getByRole('tabpanel')
    expect(JSON.parse((await json.locator('pre').textContent()) ?? '')).toEqual(args)
    expect(await wideElements(page)).toEqual([])
    const isCut = await json
      .locator('pre')
      .evaluate((pre) => pre.scrollHeight > pre.clientHeight + 1 || pre.scrollWidth > pre.clientWidth + 1)
    expect(isCut).toBe(false)
    await page.getByRole('button', { name: 'Approve' }).waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('shows every kind of preview as text, hides what the schema hides, and follows no link [DASH-6]', async () => {
    const args = { body: HOSTILE, token: 'very-secret' }
    const page = await browser.signedIn(cardOf(await stage.ask({ action: 'mail.send', args })), stage.keys.ana)
    const panel = page.getByRole('tabpanel')
    await panel.getByText('€1,240.00').waitFor()
    const text = (await panel.textContent()) ?? ''
    expect(text.split(HOSTILE).length - 1).toBeGreaterThanOrEqual(11)
    expect(await panel.locator('a, img, script').count()).toBe(0)
    expect(await violations(page)).toEqual([])
    await page.getByRole('tab', { name: 'JSON' }).click()
    await page.getByText('Hidden by the schema, and part of what runs: token').waitFor()
    expect(await page.content()).not.toContain('very-secret')
  })

  it('shows markup of an agent as the text that it is [DASH-6]', async () => {
    const args = { [HOSTILE]: HOSTILE, nested: [{ html: HOSTILE }] }
    const asked = await stage.ask({ action: 'note.write', args, context: { thought: HOSTILE }, resource: HOSTILE })
    const page = await browser.signedIn(cardOf(asked), stage.keys.ana)
    await page.getByRole('heading', { level: 2 }).waitFor()
    expect(await page.getByRole('article').textContent()).toContain(HOSTILE)
    for (const tab of ['JSON', 'Preview']) {
      await page.getByRole('tab', { name: tab }).click()
      expect(await page.locator('img, article script, iframe').count()).toBe(0)
    }
    await page.keyboard.press('e')
    await page.getByRole('form').waitFor()
    expect(await page.locator('img, article script, iframe').count()).toBe(0)
    expect(await page.title()).toBe('Preceptor')
  })
})
