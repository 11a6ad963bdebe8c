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
