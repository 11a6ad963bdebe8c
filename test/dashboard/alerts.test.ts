import { describeWithChromium } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { wideElements } from './routes.ts'
import { useStage } from './stage.ts'

const HOSTILE = '<img src=x onerror="document.title=1">'

describeWithChromium('alerts', () => {
  const stage = useStage()
  const browser = useBrowser()
  const alerts = (): string => `${stage.mounts.deep}/alerts`
  const bypass = (action: string) =>
    stage.test.user('ada', 'admin').bypasses.set({ target: 'agent', agent: 'billing-bot', action, reason: HOSTILE })

  it('say that nothing is wrong, and tell at once when something is [DASH-15]', async () => {
    const page = await browser.signedIn(alerts(), stage.keys.ana)
    await page.getByText('Nothing is wrong.').waitFor()
    await page.getByRole('link', { name: 'No open alert' }).waitFor()
    expect(await violations(page)).toEqual([])
    const set = await bypass('mail.send')
    await page.getByRole('link', { name: '1 open alert' }).waitFor()
    await page.getByText('A bypass is active', { exact: true }).waitFor()
    await page.getByText(HOSTILE).waitFor()
    expect(await page.locator('main img').count()).toBe(0)
    await page.getByRole('link', { name: `Show the cause: ${set.id}` }).click()
    await page.waitForURL('**/settings/stops')
    await page.getByText(HOSTILE).first().waitFor()
    expect(await page.title()).toBe('Preceptor')
  }, 60_000)

  it('are acknowledged and muted by keyboard, and stay when they are past [DASH-15]', async () => {
    const set = await bypass('note.write')
    const page = await browser.signedIn(alerts(), stage.keys.ana)
    const alert = page.getByRole('listitem').filter({ hasText: set.id })
    await alert.getByRole('button', { name: /^I look at it/ }).focus()
    await page.keyboard.press('Enter')
    await alert.getByText('ana looks at it').waitFor()
    await alert.getByRole('button', { name: /^Mute/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('radio', { name: '8 h' }).press(' ')
    await page.keyboard.press('Control+Enter')
    await alert.getByText(/not raised again until/).waitFor()
    await stage.test.user('ada', 'admin').bypasses.lift(set.id, 'Over.')
    await expect.poll(() => alert.count()).toBe(0)
    await page.getByRole('link', { name: 'Past' }).click()
    await alert.getByText(/^cleared /).waitFor()
    expect(new URL(page.url()).search).toBe('?state=cleared')
  }, 60_000)

  it('show how much each matters and what to do, and are filtered by it in the address [ALERT-1, DASH-15]', async () => {
    const set = await bypass('order.read')
    const page = await browser.signedIn(alerts(), stage.keys.ana)
    const alert = page.getByRole('listitem').filter({ hasText: set.id })
    await alert.getByText('● to be known').waitFor()
    await alert.getByText(/^→ Lift it as soon as it is not needed any more/).waitFor()
    await page.getByLabel('Severity').selectOption('critical')
    await page.getByText('There is none of this severity.').waitFor()
    expect(new URL(page.url()).search).toBe('?severity=critical')
    expect(await violations(page)).toEqual([])
    await page.getByRole('link', { name: 'Past', exact: true }).click()
    await page.waitForURL(/severity=critical&state=cleared|state=cleared&severity=critical/)
    await page.goto(`${alerts()}?severity=info`)
    await alert.waitFor()
    expect(await page.getByLabel('Severity').inputValue()).toBe('info')
    await stage.test.user('ada', 'admin').bypasses.lift(set.id, 'Over.')
  }, 60_000)

  it('are raised by rules that an administrator changes within their bounds, by keyboard [ALERT-2, DASH-15]', async () => {
    const page = await browser.signedIn(`${stage.mounts.deep}/settings/alerts`, stage.keys.ada)
    const row = page.getByRole('row').filter({ hasText: 'An agent is stuck' })
    await row.getByText('14 days (3 to 90)').waitFor()
    await row.getByRole('button', { name: /^Change.*An agent is stuck$/ }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Days').fill('2')
    await dialog.getByText('A whole number from 3 to 90.').waitFor()
    await dialog.getByLabel('Days').fill('7')
    await dialog.getByRole('button', { name: 'What would be raised now?' }).click()
    await dialog.getByText('Nothing would be raised now.').waitFor()
    expect(await violations(page)).toEqual([])
    await dialog.getByLabel('Reason').fill('A week is long enough.')
    await page.keyboard.press('Control+Enter')
    await row.getByText('7 days (3 to 90)').waitFor()
    await row.getByText(/changed by ada/).waitFor()
    const guarded = page.getByRole('row').filter({ hasText: 'The journal does not verify' })
    await guarded.getByText('always on').waitFor()
    expect(await guarded.getByRole('button').count()).toBe(0)
    const reading = await browser.signedIn(`${stage.mounts.deep}/settings/alerts`, stage.keys.vic)
    await reading.getByText('7 days (3 to 90)').waitFor()
    expect(await reading.getByRole('main').getByRole('button').count()).toBe(0)
  }, 60_000)

  it.each(['light', 'dark'] as const)(
    'have no violation in %s, and do not scroll sideways on a phone [DASH-15]',
    async (colorScheme) => {
      const page = await browser.open(alerts(), { colorScheme, reducedMotion: 'reduce' })
      await page.getByLabel('API key').fill(stage.keys.vic)
      await page.keyboard.press('Enter')
      await page.getByText('A bypass is active').first().waitFor()
      expect(await violations(page)).toEqual([])
      // A viewer reads them and is offered nothing.
      expect(await page.getByRole('main').getByRole('button').count()).toBe(0)
      await page.goto(`${alerts()}?state=all`)
      await page.getByText('A bypass is active').first().waitFor()
      expect(await violations(page)).toEqual([])
      await page.setViewportSize({ width: 360, height: 740 })
      expect(await wideElements(page)).toEqual([])
    },
    60_000,
  )
})
