import type { Proposal } from '@preceptor/client'
import { describeWithChromium } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { shown, useStage } from './stage.ts'

const HOSTILE = '<img src=x onerror="document.title=1">\u202e'

describeWithChromium('proposals that are alike, in the dashboard', () => {
  const stage = useStage()
  const browser = useBrowser()
  const askNotes = async (texts: readonly string[], agent = 'billing-bot'): Promise<readonly Proposal[]> => {
    const asked: Proposal[] = []
    for (const text of texts) {
      asked.push(await stage.ask({ agent, action: 'note.write', args: { text, cents: text.length } }))
    }
    return asked
  }
  const states = (proposals: readonly Proposal[]) =>
    Promise.all(proposals.map(async (proposal) => (await stage.now(proposal)).state))

  it('are read side by side and approved in one go, but for what changed meanwhile [DASH-20]', async () => {
    const asked = await askNotes(['one', 'two', 'six', 'x'.repeat(900), HOSTILE])
    const page = await browser.signedIn(`${stage.mounts.deep}/inbox`, stage.keys.ana)
    await page.getByRole('link', { name: 'Review 5 as a table' }).click()
    const table = page.getByRole('table')
    await table.getByText('x'.repeat(900)).waitFor()
    await expect.poll(() => table.textContent()).toContain('\\u202e')
    // The length of the long one stands out from those of the others.
    await expect.poll(() => page.getByText('stands out').count()).toBeGreaterThanOrEqual(1)
    expect(await page.locator('main img').count()).toBe(0)
    expect(await violations(page)).toEqual([])
    const changed = asked[1]
    if (changed === undefined) throw new Error('There are five.')
    await stage.ben.proposals.reject(changed.id, { ...shown(changed), category: 'other', reason: 'Not this one.' })
    await page.route('**/api/events', () => undefined)
    await page.getByRole('button', { name: /^Approve \d/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('All of them are fine.')
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Control+Enter')
    await dialog.waitFor({ state: 'detached' })
    await expect
      .poll(() => states(asked), { timeout: 20_000 })
      .toEqual(['succeeded', 'rejected', 'succeeded', 'succeeded', 'succeeded'])
  })

  it('are selected by keyboard, a range at once, and rejected with a category and a reason [DASH-20]', async () => {
    // Whoever is rejected three times in a row is an intern no more.
    await stage.test.register('note-bot', 'intern')
    const asked = await askNotes(['red', 'green', 'blue'], 'note-bot')
    const page = await browser.signedIn(`${stage.mounts.deep}/inbox?sort=newest&agent=note-bot`, stage.keys.ana)
    await page
      .getByRole('link', { name: /note\.write/ })
      .first()
      .waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Shift+X')
    await page.getByText('3 selected').waitFor()
    // The selection is in the address: a reload keeps it.
    await page.reload()
    await page.getByText('3 selected').waitFor()
    await page.getByRole('link', { name: 'Review as a table' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Reject 3' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByLabel('Duplicate').check()
    await page.getByRole('dialog').getByLabel('Reason').fill('They were written before.')
    await page.keyboard.press('Control+Enter')
    await expect.poll(() => states(asked)).toEqual(['rejected', 'rejected', 'rejected'])
    const { reviews } = await stage.now(asked[0] as Proposal)
    expect(reviews).toMatchObject([{ category: 'duplicate', reason: 'They were written before.' }])
  })

  it('are not offered together at a high risk, nor to whoever only reads [DASH-20]', async () => {
    for (let count = 0; count < 3; count += 1) await stage.ask()
    await askNotes(['a', 'b', 'c'])
    const page = await browser.signedIn(`${stage.mounts.deep}/inbox?risk=high`, stage.keys.ana)
    await page
      .getByRole('link', { name: /refund\.create/ })
      .first()
      .waitFor()
    expect(await page.getByRole('checkbox').count()).toBe(0)
    expect(await page.getByRole('link', { name: /as a table/ }).count()).toBe(0)
    const reader = await browser.signedIn(`${stage.mounts.deep}/inbox`, stage.keys.vic)
    await reader
      .getByRole('link', { name: /note\.write/ })
      .first()
      .waitFor()
    expect(await reader.getByRole('checkbox').count()).toBe(0)
  })

  it('are allowed ahead of time from a card, with how many of the last would have fitted [DASH-20]', async () => {
    const [asked] = await askNotes(['weekly report'])
    const page = await browser.signedIn(`${stage.mounts.deep}/inbox/${asked?.id}`, stage.keys.ana)
    await page.getByRole('button', { name: 'Allow similar calls…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/Of the last \d+ attempts/).waitFor()
    await dialog.getByLabel('cents').selectOption({ label: 'at most' })
    await dialog.getByLabel('at most for cents').fill('20')
    await dialog.getByLabel('Reason').fill('It is the same each week.')
    expect(await violations(page)).toEqual([])
    await dialog.getByRole('button', { name: /^Allow/ }).click()
    await dialog.waitFor({ state: 'detached' })
    const { items } = await stage.test.admin.grants.list()
    expect(items[0]).toMatchObject({
      agent: 'billing-bot',
      action: 'note.write',
      matcher: { args: { text: { equals: 'weekly report' }, cents: { atMost: 20 } } },
      uses: 10,
      createdBy: 'user:ana',
    })
  })
})
