import type { Proposal } from '@preceptor/client'
import { describeWithChromium } from '@preceptor/test-setup'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { violations } from './axe.ts'
import { readToTheEnd, signIn, useBrowser } from './browser.ts'
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

  it('asks before somebody signs out of an edit that is not saved, and of nothing else [DASH-65]', async () => {
    const proposal = await stage.ask()
    const page = await openCard(proposal)
    const ask = page.getByRole('dialog', { name: 'Sign out without saving?' })
    const signOut = page.getByRole('banner').getByRole('button', { name: 'Sign out' })
    const amount = page.getByRole('textbox', { name: /^amountCents/ })
    await page.keyboard.press('e')
    await amount.fill('17')
    await signOut.focus()
    await page.keyboard.press('Enter')
    await ask.waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await ask.waitFor({ state: 'detached' })
    expect(await amount.inputValue()).toBe('17')
    await amount.fill(String(proposal.args.amountCents))
    await signOut.click()
    await page.getByLabel('API key').waitFor()
    await signIn(page, stage.keys.ana)
    await page.getByRole('button', { name: /^Edit/ }).click()
    await amount.fill('18')
    await signOut.click()
    await ask.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('API key').waitFor()
    expect((await stage.now(proposal)).args).toEqual(proposal.args)
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

  it('edits with the types kept, shows what the server refuses at its field, and runs what was edited [DASH-2]', async () => {
    const args = { amountCents: 900, to: '0012', notify: true, method: 'card', items: [{ sku: 'A', quantity: 2 }] }
    const proposal = await stage.ask({ args })
    const page = await openCard(proposal)
    await page.keyboard.press('e')
    const form = page.getByRole('form')
    await form.getByLabel('to').fill('0013')
    await form.getByLabel('notify').selectOption('false')
    await form.getByLabel('amountCents').fill('900000')
    await page.keyboard.press('Control+Enter')
    const before = async (): Promise<string[]> => (await form.locator('.change-before').allTextContents()).sort()
    await expect.poll(before).toEqual(['− before: "0012"', '− before: 900', '− before: true'])
    // What is behind the form must be read before it counts.
    await readToTheEnd(page)
    // The args have a field of this name, too.
    const lastLook = page.getByRole('form', { name: 'Approve it with your changes' })
    await lastLook.getByLabel('Reason').fill('Less is enough.')
    await lastLook.getByRole('button', { name: 'Approve' }).click()
    const amount = form.getByLabel('amountCents')
    await expect.poll(() => amount.getAttribute('aria-invalid')).toBe('true')
    expect(await form.textContent()).toMatch(/900000|500000|maximum/i)
    await amount.fill('450')
    await page.keyboard.press('Control+Enter')
    await lastLook.getByLabel('Reason').fill('Less is enough.')
    await lastLook.getByRole('button', { name: 'Approve' }).click()
    await until(proposal, 'succeeded')
    const edited = { ...args, to: '0013', notify: false, amountCents: 450 }
    expect(stage.effects.at(-1)).toEqual(edited)
    expect(await stage.now(proposal)).toMatchObject({ version: 2, args: edited, reviews: [{ verdict: 'edit' }] })
  })

  it('answers instead of the action, which then never runs [DASH-2]', async () => {
    const proposal = await stage.ask({ action: 'note.write', args: { text: 'answered' } })
    const page = await openCard(proposal)
    await page.getByRole('button', { name: 'Answer' }).click()
    await page.getByLabel('The answer is JSON').check()
    await page.getByRole('textbox', { name: /Answer/ }).fill('{"done": 1}')
    await page.getByRole('button', { name: 'Send the answer' }).click()
    await decisionBar(page).getByText('Answered by ana').waitFor()
    expect(await stage.now(proposal)).toMatchObject({ state: 'responded', response: { done: 1 } })
    expect(stage.effects.filter(({ text }) => text === 'answered')).toEqual([])
  })

  it('asks for the name of a critical action, and counts two approvals [DASH-2]', async () => {
    const proposal = await stage.ask({ action: 'ledger.close', args: { month: '2026-10' } })
    for (const [who, name] of [
      ['ana', 'ledger.closed'],
      ['ben', 'ledger.close'],
    ] as const) {
      const page = await openCard(proposal, who)
      await page.getByRole('button', { name: 'Approve' }).click()
      await page.getByLabel('Reason').fill('The month is over.')
      const typed = page.getByLabel('Type ledger.close')
      await typed.fill(name)
      if (who === 'ana') {
        await page.getByText('type the name of the action').waitFor()
        await typed.fill('ledger.close')
      }
      await page.keyboard.press('Control+Enter')
      const text = who === 'ana' ? '1 of 2 approvals are there' : 'Approved by ana, ben'
      await decisionBar(page).getByText(text).waitFor()
    }
    await until(proposal, 'succeeded')
  })

  it('begins anew when what is being decided on changes meanwhile [DASH-3]', async () => {
    const proposal = await stage.ask({ action: 'ledger.close', args: { month: '2026-09' } })
    const page = await openCard(proposal)
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByLabel('Reason').fill('I have read version 1.')
    await stage.ben.proposals.approve(proposal.id, { ...shown(proposal), args: { month: '2026-08' } })
    await page.getByText('It changed: this is version 2.').waitFor()
    expect(await page.getByRole('form').count()).toBe(0)
    expect(await page.getByRole('tabpanel').textContent()).toContain('2026-08')
    expect((await stage.now(proposal)).reviews).toHaveLength(1)
  })

  it('shows what arrives, without moving the list, and what others decide, as it happens [DASH-3]', async () => {
    const first = await stage.ask()
    const page = await browser.signedIn(`${stage.mounts.deep}/inbox?sort=newest`, stage.keys.ana)
    await page.getByText('● live').waitFor()
    const rows = page.locator('a.row')
    const before = await rows.allTextContents()
    const second = await stage.ask()
    const pill = page.getByRole('button', { name: '1 new' })
    await pill.waitFor()
    expect(await rows.count()).toBe(before.length)
    await pill.click()
    await expect.poll(() => rows.count()).toBe(before.length + 1)
    expect(await rows.first().getAttribute('href')).toContain(second.id)
    await rows.first().click()
    await page.getByRole('button', { name: 'Approve' }).waitFor()
    await stage.ben.proposals.reject(second.id, { ...shown(second), category: 'duplicate', reason: 'Twice.' })
    await decisionBar(page).getByText('Rejected by ben').waitFor()
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0)
    await decisionBar(page).getByRole('link', { name: 'Next proposal' }).click()
    await page.waitForURL(`**/inbox/${first.id}?sort=newest`)
  })

  it('offers nothing to decide once it has expired, nor to whoever only reads [DASH-3]', async () => {
    const proposal = await stage.ask()
    const page = await openCard(proposal, 'vic')
    await decisionBar(page)
      .getByText(/user:vic/)
      .waitFor()
    expect(await decisionBar(page).getByRole('button').count()).toBe(0)
    const late = await browser.open(`${stage.mounts.deep}/inbox/${proposal.id}`)
    await late.clock.install({ time: new Date() })
    await signIn(late, stage.keys.ana)
    await late.getByRole('button', { name: 'Approve' }).waitFor()
    // What counts is the clock of the server, which says now that the day is over.
    const end = new Date(Date.parse(proposal.expiresAt) + 1_000).toISOString()
    await late.route('**/session', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, json: { ...(await answer.json()), serverTime: end } })
    })
    await late.clock.runFor(25_000)
    await decisionBar(late).getByText('Expired').waitFor()
    expect(await late.getByRole('button', { name: 'Approve' }).count()).toBe(0)
  })
})
