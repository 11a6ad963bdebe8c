import { describeWithChromium } from '@preceptor/test-setup'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { useBrowser } from './browser.ts'
import { useStage } from './stage.ts'
import { beginRun, type SupervisedRun } from './supervised-run.ts'

const LEASE_MS = 4_000

describeWithChromium('watching a supervised run in the dashboard', () => {
  const stage = useStage({
    settings: { deadlineMs: 20_000, attachWithinMs: 60_000, objectionWindowMs: 6_000, supervisorLeaseMs: LEASE_MS },
  })
  const browser = useBrowser()

  const sessionOf = ({ id }: SupervisedRun) => stage.test.admin.sessions.get(id)
  const openPage = async ({ id }: SupervisedRun, key: 'ana' | 'ben' | 'ada' | 'vic' = 'ana'): Promise<Page> => {
    const page = await browser.signedIn(`${stage.mounts.deep}/live/${id}`, stage.keys[key])
    await page.getByRole('heading', { level: 1 }).waitFor()
    return page
  }
  const attach = (page: Page) => page.getByRole('button', { name: 'Attach' }).click()

  it('withholds an announced step, keeps the lease, and pauses the run when the page is left [SUP-2, SUP-5, DASH-61]', {
    timeout: 90_000,
  }, async () => {
    let hasRun = false
    const run = await beginRun(stage, () => {
      hasRun = true
    })
    const page = await openPage(run)
    await attach(page)
    // The button is gone, and with it the focus would be: it stays where the run is steered.
    await page.getByRole('button', { name: 'Attach' }).waitFor({ state: 'detached' })
    const focused = page.locator(':focus')
    expect(await focused.getAttribute('aria-label')).toBe('Steer this run')
    const pending = page.getByRole('region', { name: 'Pending call' })
    await pending.getByText(/begins in \d s unless you object/).waitFor()
    await pending.getByRole('button', { name: 'Object' }).click()
    // A reason stands there: nobody has to write one in time.
    await page.getByRole('dialog').getByRole('button', { name: 'Object' }).click()
    await page.locator('.session-head .badge', { hasText: 'Paused' }).waitFor()
    expect(await run.first).toMatchObject({ status: 'withheld' })
    expect((await sessionOf(run)).steps).toMatchObject([{ state: 'withheld', objectedBy: 'user:ana' }])
    await page.getByRole('region', { name: 'Steps' }).getByText('withheld · ana objected').waitFor()
    await page.getByRole('button', { name: 'Resume' }).click()
    const second = run.step(() => 'done')
    const since = Date.now()
    expect(await second).toMatchObject({ status: 'executed' })
    // Longer than a lease lasts: it was renewed, else the run would have paused.
    await expect.poll(() => Date.now() - since, { timeout: 20_000 }).toBeGreaterThan(2.5 * LEASE_MS)
    expect(await sessionOf(run)).toMatchObject({ state: 'running', supervisorId: 'ana', pausedBy: null })
    await page.getByText('it pauses when you leave this page').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(async () => (await sessionOf(run)).state).toBe('paused')
    expect(await sessionOf(run)).toMatchObject({ pausedBy: 'user:ana' })
    expect(hasRun).toBe(false)
    await run.finish()
  })

  it('hands over, takes over, and is rated once by who held it [SUP-5, SUP-6]', { timeout: 90_000 }, async () => {
    const run = await beginRun(stage, () => 'done')
    const ana = await openPage(run)
    const ben = await openPage(run, 'ben')
    await attach(ana)
    expect(await run.first).toMatchObject({ status: 'executed' })
    const steering = ben.getByRole('region', { name: 'Steer this run' }).getByRole('button')
    expect(await steering.allTextContents()).toEqual(['Stop the agent'])
    await ana.getByRole('button', { name: 'Hand over' }).click()
    await ana.getByLabel('To').selectOption('ben')
    await ana.getByRole('dialog').getByRole('button', { name: 'Hand over' }).click()
    await ana.getByText('Offered to ben, and yours until they attach.').waitFor()
    await ben.getByText('ana offers you this session.').waitFor()
    await attach(ben)
    await expect.poll(async () => (await sessionOf(run)).supervisorId).toBe('ben')
    await ana.getByRole('button', { name: 'Pause', exact: true }).waitFor({ state: 'detached' })
    const ada = await openPage(run, 'ada')
    await ada.getByRole('button', { name: 'Take over' }).click()
    await ada
      .getByRole('dialog')
      .getByRole('textbox', { name: /Reason/ })
      .fill('I do this one.')
    await ada.getByRole('dialog').getByRole('button', { name: 'Take over' }).click()
    await expect.poll(async () => (await sessionOf(run)).supervisorId).toBe('ada')
    await ada.getByRole('button', { name: 'Complete and rate' }).click()
    await ada.getByLabel('4').check()
    await ada.getByLabel('Feedback').fill('Careful.')
    await ada.getByRole('dialog').getByRole('button', { name: 'Complete and rate' }).click()
    await ada.getByText('Rated 4 of 5 by ada').waitFor()
    expect(await sessionOf(run)).toMatchObject({
      state: 'completed',
      rating: 4,
      feedback: 'Careful.',
      ratedBy: 'user:ada',
    })
    expect(await ada.getByRole('button', { name: 'Rate' }).count()).toBe(0)
  })

  it('says when nobody watches any more, and goes on when somebody attaches again [SUP-5]', {
    timeout: 60_000,
  }, async () => {
    const run = await beginRun(stage, () => 'done')
    await stage.ben.sessions.attach(run.id)
    const page = await openPage(run)
    await page.getByRole('region', { name: 'Supervisor' }).getByText('ben').waitFor()
    // ben is gone: his lease lapses, and the page offers the session.
    await attach(page)
    await expect.poll(async () => (await sessionOf(run)).supervisorId).toBe('ana')
    expect(await run.first).toMatchObject({ status: 'executed' })
    await run.finish()
  })
})
