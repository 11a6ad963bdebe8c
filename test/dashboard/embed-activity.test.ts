import { describeWithChromium } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { useBrowser } from './browser.ts'
import { useHostPage } from './host-page.ts'
import { useStage } from './stage.ts'

describeWithChromium('the activity of a person in a page of somebody else', () => {
  const stage = useStage()
  const browser = useBrowser()
  const addressOf = useHostPage(stage)

  it('is told once however many ask for it, only when they act, and set by hand [DASH-23]', async () => {
    const { presence } = stage.test.admin
    const page = await browser.open(addressOf({ show: 'Shift,Shift,SupervisionPanel', id: 'ben', role: 'supervisor' }))
    const said = page.locator('#shift output').first()
    // A page that nobody has touched yet makes nobody present.
    await expect.poll(() => said.textContent()).toBe('offline')
    await page.getByRole('heading', { level: 1, name: 'Live' }).waitFor()
    expect((await presence.sessions('ben')).items).toEqual([])
    // Anything that is done in the page counts, also outside of the components.
    await page.getByRole('heading', { level: 1, name: 'The shop' }).click()
    await expect.poll(() => page.locator('#shift output').allTextContents()).toEqual(['online', 'online'])
    expect(await presence.get('ben')).toMatchObject({ state: 'online', override: null })
    expect((await presence.sessions('ben')).items).toHaveLength(1)
    await page.getByRole('button', { name: 'Availability: Online' }).waitFor()
    await page.getByRole('button', { name: 'Take a break' }).first().click()
    await expect.poll(() => said.textContent()).toBe('away by hand')
    await page.getByRole('button', { name: 'Availability: Away' }).waitFor()
    expect(await presence.get('ben')).toMatchObject({ state: 'away', override: { state: 'away', until: null } })
    await page.getByRole('button', { name: 'Come back' }).first().click()
    await expect.poll(() => said.textContent()).toBe('online')
    expect(await presence.get('ben')).toMatchObject({ state: 'online', override: null })
  })

  it('is nothing for who supervises nobody [DASH-23]', async () => {
    const page = await browser.open(addressOf({ show: 'Shift,SupervisionPanel', id: 'vic', role: 'viewer' }))
    await page.getByRole('heading', { level: 1, name: 'Live' }).waitFor()
    const told: string[] = []
    page.on('request', (request) => void (request.url().includes('/activity/') && told.push(request.url())))
    await page.getByRole('heading', { level: 1, name: 'The shop' }).click()
    await page.getByRole('heading', { level: 1, name: 'Live' }).click()
    expect(await page.locator('#shift output').textContent()).toBe('unknown')
    expect(await page.getByRole('button', { name: /^Availability/ }).count()).toBe(0)
    expect(told).toEqual([])
    expect((await stage.test.admin.presence.sessions('vic')).items).toEqual([])
  })
})
