import type { Proposal } from '@preceptor/client'
import { describeWithChromium } from '@preceptor/test-setup'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { signIn, useBrowser } from './browser.ts'
import { shown, useStage } from './stage.ts'

const TIMEOUT_MS = 15_000

describeWithChromium('deciding in the dashboard', () => {
  const stage = useStage()
  const browser = useBrowser()

  const openCard = async (proposal: Proposal, key: 'ana' | 'ben' | 'vic' = 'ana'): Promise<Page> => {
    const page = await browser.signedIn(`${stage.mounts.deep}/inbox/${proposal.id}`, stage.keys[key])
    await page.getByRole('heading', { level: 2 }).waitFor()
    return page
  }
  const decisionBar = (page: Page) => page.getByRole('region', { name: 'Decision' })
  const until = (proposal: Proposal, state: Proposal['state']) =>
    expect.poll(async () => (await stage.now(proposal)).state, { timeout: TIMEOUT_MS }).toBe(state)

  describe('approving', () => {
    it('asks for the reason and the payload of a high risk, and then the action runs once [DASH-2]', async () => {
      const proposal = await stage.ask()
      const page = await browser.signedIn(stage.mounts.deep, stage.keys.ana)
      await page
        .getByRole('link', { name: /refund\.create/ })
        .first()
        .click()
      expect(new URL(page.url()).pathname).toBe(`/admin/governance/inbox/${proposal.id}`)
      await page.getByRole('button', { name: 'Approve' }).click()
      const strip = page.getByRole('form', { name: 'Approve this action' })
      expect(await strip.textContent()).toContain(proposal.actionHash)
      expect(await strip.textContent()).toContain('this call only')
      await page.keyboard.press('Control+Enter')
      await strip.getByText('To approve: give a reason.').waitFor()
      expect((await stage.now(proposal)).reviews).toEqual([])
      await strip.getByLabel('Reason').fill('The customer paid twice.')
      await strip.getByRole('button', { name: 'Approve' }).click()
      await until(proposal, 'succeeded')
      expect(stage.effects.filter(({ to }) => to === proposal.args.to)).toEqual([proposal.args])
      await decisionBar(page).getByText('It ran and succeeded').waitFor()
      expect((await stage.now(proposal)).reviews).toMatchObject([
        { reviewer: 'user:ana', verdict: 'approve', reason: 'The customer paid twice.' },
      ])
    })
  })

  it('rejects with a category and a reason, and it never runs [DASH-2]', async () => {
    const proposal = await stage.ask()
    const page = await openCard(proposal)
    await page.keyboard.press('r')
    const form = page.getByRole('form', { name: 'Reject this action' })
    await form.getByLabel('Wrong arguments').check()
    await form.getByRole('textbox').fill('It is the wrong customer.')
    await form.getByRole('button', { name: 'Reject' }).click()
    await decisionBar(page).getByText('Rejected by ana').waitFor()
    expect(await stage.now(proposal)).toMatchObject({
      state: 'rejected',
      reviews: [{ verdict: 'reject', category: 'wrong_args', reason: 'It is the wrong customer.' }],
    })
    expect(stage.effects.filter(({ to }) => to === proposal.args.to)).toEqual([])
  })

  it('says who was first when somebody else decides meanwhile [DASH-3]', async () => {
    const proposal = await stage.ask()
    const page = await browser.open(`${stage.mounts.deep}/inbox/${proposal.id}`)
    // What the page learns of the decision of ben it learns from the answer to its own.
    await page.route('**/api/events', () => undefined)
    await signIn(page, stage.keys.ana)
    await page.getByRole('heading', { level: 2 }).waitFor()
    await page.keyboard.press('r')
    const form = page.getByRole('form', { name: 'Reject this action' })
    await form.getByLabel('Other').check()
    await form.getByRole('textbox').fill('Too late.')
    await stage.ben.proposals.respond(proposal.id, { ...shown(proposal), response: 'No.' })
    await form.getByRole('button', { name: 'Reject' }).click()
    await decisionBar(page).getByText('Answered by ben').waitFor()
    await decisionBar(page).getByText('Your decision did not count').waitFor()
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0)
  })
})
