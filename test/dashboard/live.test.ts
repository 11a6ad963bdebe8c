import type { JsonObject } from '@preceptor/client'
import { describeWithChromium } from '@preceptor/test-setup'
import type { Locator, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { useBrowser } from './browser.ts'
import { useStage } from './stage.ts'
import { beginRun, gate, REFUND, type SupervisedRun } from './supervised-run.ts'

const MOST_TABS = 60

describeWithChromium('steering a supervised run in the dashboard', () => {
  const stage = useStage({ settings: { deadlineMs: 20_000, attachWithinMs: 60_000 } })
  const browser = useBrowser()

  const stateOf = async ({ id }: SupervisedRun): Promise<string> => (await stage.test.admin.sessions.get(id)).state
  const until = (run: SupervisedRun, state: string) => expect.poll(() => stateOf(run), { timeout: 15_000 }).toBe(state)
  const openPage = async ({ id }: SupervisedRun): Promise<Page> => {
    const page = await browser.signedIn(`${stage.mounts.deep}/live/${id}`, stage.keys.ana)
    await page.getByRole('heading', { level: 1 }).waitFor()
    return page
  }
  const badge = (page: Page, text: string): Locator => page.locator('.session-head .badge', { hasText: text })
  const barOf = (page: Page): Locator => page.getByRole('region', { name: 'Steer this run' })

  /** A run whose first step waits inside, and tells what people said to it. */
  async function beginHeld() {
    const held = gate()
    const heard: string[] = []
    const run = await beginRun(stage, async ({ emit, checkpoint }) => {
      emit({ kind: 'progress', value: 0.25, message: 'a quarter' })
      await held.passed
      heard.push(...(await checkpoint()).guidance)
    })
    return { run, held, heard }
  }

  it('pauses, corrects and terminates by pointer, and never shows a pause before it is one [SUP-1, SUP-3, SUP-4]', {
    timeout: 90_000,
  }, async () => {
    const { run, held, heard } = await beginHeld()
    const page = await openPage(run)
    await page.getByText('No step begins before somebody attaches.').waitFor()
    await page.getByRole('button', { name: 'Attach' }).click()
    await page.getByText('25 %').first().waitFor()
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await badge(page, 'Pause requested…').waitFor()
    await page.getByText('1 step is still under way', { exact: false }).waitFor()
    expect(await badge(page, 'Paused').count()).toBe(0)
    await page.getByRole('button', { name: 'Correct' }).click()
    await page.getByLabel('Guidance').fill('Mind the fee.')
    await page.getByRole('region', { name: 'What the agent gets' }).getByText('Mind the fee.').waitFor()
    await page.getByRole('button', { name: 'Send the correction' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    held.open()
    await badge(page, 'Paused').waitFor()
    expect(await stateOf(run)).toBe('paused')
    const ran: JsonObject[] = []
    const second = run.step(({ args }) => void ran.push(args))
    await page.getByRole('region', { name: 'Pending call' }).getByText('"cus_91"').waitFor()
    await page.getByRole('button', { name: 'Correct' }).click()
    await page.getByLabel('Change the arguments of refund.create').check()
    await page.getByLabel('amountCents').fill('77')
    await page
      .getByRole('region', { name: 'What the agent gets' })
      .locator('.change-after', { hasText: '77' })
      .waitFor()
    await page.getByRole('button', { name: 'Send the correction' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Resume' }).click()
    expect(await second).toMatchObject({ status: 'executed' })
    expect(ran).toEqual([{ ...REFUND, amountCents: 77 }])
    // Both steps go on once it is resumed, whichever first.
    await expect.poll(() => heard).toEqual(['Mind the fee.'])
    const third = run.step(({ signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve)))
    await expect.poll(async () => (await stage.test.admin.sessions.get(run.id)).inFlight).toBe(1)
    await page.getByRole('button', { name: 'Terminate' }).click()
    const ask = page.getByRole('dialog', { name: 'Terminate this run?' })
    await ask.getByRole('textbox', { name: /Reason/ }).fill('It went wrong.')
    await ask.getByRole('button', { name: 'Terminate' }).click()
    await expect(third).rejects.toMatchObject({ code: 'RUN_TERMINATED' })
    await badge(page, 'Terminated').waitFor()
    await page.getByText('Ended: It went wrong.').waitFor()
    expect(
      await barOf(page)
        .getByRole('button', { name: /Pause|Resume|Correct|Terminate/ })
        .count(),
    ).toBe(0)
    const { interventions } = await stage.test.admin.sessions.get(run.id)
    expect(interventions.map(({ type }) => type).reverse()).toEqual([
      'pause',
      'correct',
      'correct',
      'resume',
      'terminate',
    ])
    // The same page from its address alone.
    await page.reload()
    await badge(page, 'Terminated').waitFor()
    await page.getByRole('log').getByText('terminated').waitFor()
  })

  /** Goes there by Tab, as somebody without a pointer does. */
  async function tabTo(page: Page, target: Locator): Promise<void> {
    for (let times = 0; times < MOST_TABS; times += 1) {
      if (await target.evaluate((element) => element.matches(':focus'))) return
      await page.keyboard.press('Tab')
    }
    throw new Error('Tab does not lead there.')
  }

  it('is worked by keyboard alone [SUP-1, SUP-3, SUP-4]', { timeout: 90_000 }, async () => {
    const { run, held, heard } = await beginHeld()
    const page = await openPage(run)
    const attach = page.getByRole('button', { name: 'Attach' })
    await attach.waitFor()
    await tabTo(page, attach)
    await page.keyboard.press('Enter')
    await page.getByText('25 %').first().waitFor()
    await page.keyboard.press('Space')
    await badge(page, 'Pause requested…').waitFor()
    held.open()
    await badge(page, 'Paused').waitFor()
    await page.keyboard.press('c')
    await page.getByLabel('Guidance').waitFor()
    // What is typed is text: no letter of it does anything else.
    await page.keyboard.type('Check Twice first')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('region', { name: 'Interventions' }).getByText('Check Twice first').waitFor()
    expect(await stateOf(run)).toBe('paused')
    await page.keyboard.press('Space')
    await until(run, 'running')
    await run.first
    expect(heard).toEqual(['Check Twice first'])
    for (const key of ['2', '3', '4', '0']) await page.keyboard.press(key)
    await page.keyboard.press('3')
    await page.waitForURL('**?level=warn')
    await page.keyboard.press('f')
    await page.waitForURL('**follow=0*')
    // A letter alone ends nothing.
    await page.keyboard.press('t')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.keyboard.press('Shift+T')
    const ask = page.getByRole('dialog', { name: 'Terminate this run?' })
    await ask.waitFor()
    await page.keyboard.press('Control+Enter')
    expect(await stateOf(run)).toBe('running')
    await tabTo(page, ask.getByRole('textbox', { name: /Reason/ }))
    await page.keyboard.type('Enough of it.')
    await page.keyboard.press('Control+Enter')
    await badge(page, 'Terminated').waitFor()
    expect(await stateOf(run)).toBe('terminated')
  })
})
