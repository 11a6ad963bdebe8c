import type { Proposal } from '@preceptor/client'
import { describeWithChromium } from '@preceptor/test-setup'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { useBrowser } from './browser.ts'
import { useStage } from './stage.ts'

const HOUR = 3_600_000

describeWithChromium('reviewers among themselves in the dashboard', () => {
  const stage = useStage()
  const browser = useBrowser()

  const openCard = async (proposal: Proposal, key: 'ana' | 'vic' = 'ana'): Promise<Page> => {
    const page = await browser.signedIn(`${stage.mounts.deep}/inbox/${proposal.id}`, stage.keys[key])
    await page.getByRole('heading', { level: 2 }).waitFor()
    return page
  }
  const leftOf = ({ expiresAt }: Proposal): number => Date.parse(expiresAt) - Date.now()

  it('leave notes that the others see at once, and whoever only reads never [DASH-9]', async () => {
    const proposal = await stage.ask()
    const page = await openCard(proposal)
    await page.getByText('● live').waitFor()
    await page.keyboard.press('c')
    await page.keyboard.type('Is this <b>the same</b> customer?')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Is this <b>the same</b> customer?').waitFor()
    await stage.ben.proposals.comment(proposal.id, 'It is.')
    await page.getByText('It is.').waitFor()
    expect((await stage.ben.proposals.comments(proposal.id)).items).toHaveLength(2)
    const reader = await openCard(proposal, 'vic')
    expect(await reader.getByRole('region', { name: /Comments/ }).count()).toBe(0)
  })

  it('say that they are looking, hand it over, and let it rest [DASH-9]', async () => {
    const proposal = await stage.ask()
    const page = await openCard(proposal)
    await page.getByRole('button', { name: 'I am looking' }).click()
    await page.getByText('ana is looking').waitFor()
    await page.keyboard.press('a')
    await page.getByLabel('Who decides').selectOption('ben')
    await page.keyboard.press('Control+Enter')
    await page.getByText('for ben').waitFor()
    await page.keyboard.press('h')
    await page.getByLabel('1 h').check()
    await page.keyboard.press('Control+Enter')
    await page.getByText('snoozed until').waitFor()
    const present = await stage.now(proposal)
    expect(present).toMatchObject({ state: 'pending', acknowledgedBy: 'user:ana', assignedTo: 'ben' })
    expect(present.expiresAt).toBe(proposal.expiresAt)
    expect(Date.parse(present.snoozedUntil ?? '') - Date.now()).toBeLessThanOrEqual(HOUR)
  })

  it('ask for advice, which shows at once to reviewers only and leaves the proposal as it is [META-5, DASH-9]', async () => {
    const proposal = await stage.ask()
    const page = await openCard(proposal)
    await page.getByRole('button', { name: 'Ask for advice' }).click()
    const advice = page.getByRole('region', { name: /Advice/ })
    await advice.getByText('this is for a person to judge').waitFor()
    expect(await advice.textContent()).toMatch(/decides nothing[\s\S]*By rules[\s\S]*It is of high risk/)
    await page.getByText('● live').waitFor()
    await stage.ben.proposals.advise(proposal.id)
    await page.getByRole('button', { name: 'Ask again' }).waitFor()
    expect(await stage.now(proposal)).toEqual(proposal)
    const reader = await openCard(proposal, 'vic')
    expect(await reader.getByRole('region', { name: /Advice/ }).count()).toBe(0)
  })

  it('give more time, which makes a new version to decide on [DASH-9]', async () => {
    const proposal = await stage.ask()
    const page = await openCard(proposal)
    await page.getByRole('button', { name: 'Extend' }).click()
    await page.getByLabel('8 h').check()
    await page.keyboard.press('Control+Enter')
    await page.getByText('31 h', { exact: false }).or(page.getByText('1 d 7 h')).first().waitFor()
    const present = await stage.now(proposal)
    expect(present.version).toBe(2)
    expect(leftOf(present) - leftOf(proposal)).toBeGreaterThan(7 * HOUR)
    await page.getByRole('button', { name: 'Approve' }).waitFor()
  })
})
