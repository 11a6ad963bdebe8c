import type { Proposal } from '@preceptor/client'
import { describeWithChromium } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { readToTheEnd, useBrowser } from './browser.ts'
import { useStage } from './stage.ts'

/** Turns its end round, hides a letter, erases the line in a terminal, and has a Cyrillic letter in a Latin word. */
const LYING = 'to \u202emoc.live\u202c a\u200bb \u001b[2K p\u0430ypal'
const SHOWN = 'to \\u202emoc.live\\u202c a\\u200bb \\u001b[2K p\\u0430ypal'
const UNSEEN = /[\p{Cf}\u0430]/u

describeWithChromium('what nobody is led to approve', () => {
  const stage = useStage()
  const browser = useBrowser()
  const cardOf = ({ id }: Proposal): string => `${stage.mounts.deep}/inbox/${id}`

  it('shows what hides in a text of an agent, in every place where it stands [I-29]', async () => {
    const mail = await stage.ask({ action: 'mail.send', args: { body: LYING } })
    const args = { [LYING]: LYING, nested: [{ text: LYING }] }
    const note = await stage.ask({ action: 'note.write', args, context: { thought: LYING }, resource: 'r' })
    const refund = await stage.ask({ args: { amountCents: 5, to: LYING } })
    const page = await browser.signedIn(cardOf(mail), stage.keys.ana)
    for (const proposal of [mail, note, refund]) {
      await page.goto(cardOf(proposal))
      await page.getByRole('heading', { level: 2 }).waitFor()
      for (const tab of ['Preview', 'JSON', 'Changes']) {
        await page.getByRole('tab', { name: tab }).click()
        const text = (await page.locator('body').textContent()) ?? ''
        expect(text).not.toMatch(UNSEEN)
        expect(text).toContain(SHOWN.slice(0, 20))
      }
    }
    await page.getByRole('tab', { name: 'JSON' }).click()
    const json = (await page.getByRole('tabpanel').locator('pre').textContent()) ?? ''
    expect(json).toContain(SHOWN)
    expect(JSON.parse(json)).toEqual(refund.args)
  })

  it('shows the bytes that run, whole however they are padded, and apart what the agent claims of them [I-29]', {
    timeout: 60_000,
  }, async () => {
    const reason = `Nothing to see.${'\n'.repeat(300)}${'x'.repeat(100_000)}${' '.repeat(2_000)}and 4 to mallory`
    const claim = 'This only reads a balance.'
    const proposal = await stage.ask({ args: { amountCents: 5, to: 'customer', reason }, context: { claim } })
    const page = await browser.signedIn(cardOf(proposal), stage.keys.ana)
    const says = page.getByRole('region', { name: /What the agent says unverified text/ })
    await says.getByText(claim).waitFor()
    expect(((await page.locator('body').textContent()) ?? '').split(claim)).toHaveLength(2)
    await page.keyboard.press('Control+Enter')
    const form = page.getByRole('form', { name: 'Approve this action' })
    await form.getByLabel('Reason').fill('I have read it all.')
    await form.getByText('To approve: read the arguments to their end.').waitFor()
    await page.keyboard.press('Control+Enter')
    expect((await stage.now(proposal)).reviews).toEqual([])
    const seen: unknown = JSON.parse((await page.getByRole('tabpanel').locator('pre').textContent()) ?? '')
    expect(await form.textContent()).toContain(proposal.actionHash)
    await readToTheEnd(page, 1_000_000)
    await form.getByLabel('Reason').press('Control+Enter')
    await expect.poll(async () => (await stage.now(proposal)).state, { timeout: 15_000 }).toBe('succeeded')
    expect(stage.effects.at(-1)).toEqual(seen)
    expect(seen).toEqual({ amountCents: 5, to: 'customer', reason })
  })

  it('takes a held key for one step, so that none both asks for a decision and makes it [I-29]', async () => {
    const proposal = await stage.ask({ action: 'note.write', args: { text: 'held' } })
    const page = await browser.signedIn(cardOf(proposal), stage.keys.ana)
    await page.getByRole('heading', { level: 2 }).waitFor()
    const strip = page.getByRole('form', { name: 'Approve this action' })
    await page.keyboard.down('Control')
    await page.keyboard.down('Enter')
    await strip.waitFor()
    for (let repeat = 0; repeat < 5; repeat += 1) await page.keyboard.down('Enter')
    await page.keyboard.up('Enter')
    expect(await strip.getByText('Sending').count()).toBe(0)
    expect((await stage.now(proposal)).reviews).toEqual([])
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await stage.now(proposal)).reviews.length).toBe(1)
  })

  it('counts arguments behind the decision, or never opened before an edit, as unread [I-29]', async () => {
    const items = Array.from({ length: 8 }, (_, index) => index)
    const proposal = await stage.ask({ args: { amountCents: 5, to: 'customer', items } })
    const page = await browser.signedIn(cardOf(proposal), stage.keys.ana)
    await page.getByRole('heading', { level: 2 }).waitFor()
    await page.keyboard.press('e')
    await page.getByRole('form').getByLabel('to', { exact: true }).fill('other')
    await page.keyboard.press('Control+Enter')
    const form = page.getByRole('form', { name: 'Approve it with your changes' })
    await form.getByLabel('Reason').fill('It was another one.')
    const mark = page.getByText('End of the arguments')
    expect(await mark.evaluate((element) => element.getBoundingClientRect().bottom)).toBeLessThan(900)
    await form.getByText('To approve: read the arguments to their end.').waitFor()
    await page.keyboard.press('Control+Enter')
    expect((await stage.now(proposal)).reviews).toEqual([])
    await readToTheEnd(page)
  })
})
