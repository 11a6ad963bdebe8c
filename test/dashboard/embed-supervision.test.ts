import type { JsonObject } from '@preceptor/client'
import { describeWithChromium } from '@preceptor/test-setup'
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { type HostPageQuery, LOOK, useHostPage } from './host-page.ts'
import { useStage } from './stage.ts'
import { beginRun, gate, REFUND } from './supervised-run.ts'

const SHOTS = process.env.SHOTS

describeWithChromium('supervision in a page of somebody else', () => {
  const stage = useStage({ settings: { deadlineMs: 20_000, attachWithinMs: 60_000 } })
  const browser = useBrowser()
  const addressOf = useHostPage(stage)
  const ANA = { show: 'SupervisionPanel', id: 'ana', role: 'supervisor' } as const
  const open = (query: Partial<HostPageQuery>, options: BrowserContextOptions = {}): Promise<Page> =>
    browser.open(addressOf({ ...ANA, ...query }), { reducedMotion: 'reduce', ...options })
  const badge = (page: Page, text: string): Locator => page.locator('.session-head .badge', { hasText: text })

  it('leads from the board to a run that is paused, corrected and terminated there [DASH-21]', {
    timeout: 90_000,
  }, async () => {
    const held = gate()
    const heard: string[] = []
    const run = await beginRun(stage, async ({ emit, checkpoint }) => {
      emit({ kind: 'log', level: 'warn', message: 'mind the gap' })
      emit({ kind: 'progress', value: 0.25, message: 'a quarter' })
      await held.passed
      heard.push(...(await checkpoint()).guidance)
    })
    const page = await open({})
    const at = page.url()
    await page
      .getByRole('button', { name: /presence|available|Online/i })
      .first()
      .waitFor()
    await page
      .getByRole('link', { name: new RegExp(run.agent) })
      .first()
      .click()
    await page.getByRole('button', { name: 'Attach' }).click()
    await page.getByRole('log').getByText('mind the gap').waitFor()
    // A key that is pressed in the page around it is none of ours.
    await page.getByRole('button', { name: 'Of the shop' }).focus()
    await page.keyboard.press('c')
    await page.keyboard.press('Shift+T')
    expect(await page.getByRole('dialog').count()).toBe(0)
    // A link to elsewhere is the host's, and nobody leaves the run by it: left, it would be paused.
    await page.getByRole('link', { name: run.agent }).first().click()
    await expect.poll(() => page.title()).toBe(`/agents/${run.agent}`)
    expect(await page.getByRole('button', { name: 'Correct' }).count()).toBe(1)
    expect((await stage.test.admin.sessions.get(run.id)).state).toBe('running')
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await badge(page, 'Pause requested…').waitFor()
    await page.getByRole('button', { name: 'Correct' }).click()
    await page.getByLabel('Guidance').fill('Mind the fee.')
    await page.getByRole('button', { name: 'Send the correction' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    held.open()
    await badge(page, 'Paused').waitFor()
    await page.getByRole('button', { name: 'Resume' }).click()
    await run.first
    expect(heard).toEqual(['Mind the fee.'])
    const second = run.step(({ signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve)))
    await expect.poll(async () => (await stage.test.admin.sessions.get(run.id)).inFlight).toBe(1)
    await page.getByRole('button', { name: 'Terminate' }).click()
    const ask = page.getByRole('dialog', { name: 'Terminate this run?' })
    await ask.getByRole('textbox', { name: /Reason/ }).fill('It went wrong.')
    await ask.getByRole('button', { name: 'Terminate' }).click()
    await expect(second).rejects.toMatchObject({ code: 'RUN_TERMINATED' })
    await badge(page, 'Terminated').waitFor()
    const { interventions } = await stage.test.admin.sessions.get(run.id)
    expect(interventions.map(({ type }) => type).reverse()).toEqual(['pause', 'correct', 'resume', 'terminate'])
    expect(page.url()).toBe(at)
  })

  /** A run that somebody else watches, and says something of every kind. */
  async function beginWatched(args: JsonObject = REFUND) {
    const held = gate()
    const run = await beginRun(
      stage,
      async ({ emit }) => {
        emit({ kind: 'log', level: 'info', message: 'first things first' })
        emit({
          kind: 'output',
          text: JSON.stringify([
            { month: 'May', euros: 3 },
            { month: 'June', euros: 5 },
          ]),
        })
        emit({ kind: 'progress', value: 0.5, message: 'half of it' })
        await held.passed
      },
      args,
    )
    await stage.ben.presence.heartbeat()
    await stage.ben.sessions.attach(run.id)
    return { run, held }
  }

  it('looks as it does elsewhere where the styles of the page mind nobody, in the theme that it is given [DASH-21]', {
    timeout: 120_000,
  }, async () => {
    const { run, held } = await beginWatched()
    const looks: Record<string, readonly string[]> = {}
    for (const theme of ['light', 'dark'] as const) {
      for (const path of ['/plain', '/hostile']) {
        // The system of the reader has the other one.
        const colorScheme = theme === 'light' ? 'dark' : 'light'
        const page = await open({ theme, path, props: { session: run.id } }, { colorScheme })
        await page.getByRole('log').getByText('first things first').waitFor()
        await page.getByRole('region', { name: 'Output' }).getByRole('table').waitFor()
        await page.getByText('half of it').first().waitFor()
        looks[`${theme} ${path}`] = await page.evaluate(LOOK)
        if (SHOTS)
          await page.screenshot({ path: `${SHOTS}/panel${path.replace('/', '-')}-${theme}.png`, fullPage: true })
        if (path === '/plain') expect(await violations(page)).toEqual([])
      }
      expect(looks[`${theme} /plain`]?.length).toBeGreaterThan(80)
      expect(looks[`${theme} /hostile`]).toEqual(looks[`${theme} /plain`])
    }
    expect(looks['dark /plain']).not.toEqual(looks['light /plain'])
    held.open()
    await run.first
  })

  it('has its board beside the inbox and the journey, on one stream, without a violation in light and dark [DASH-21]', {
    timeout: 120_000,
  }, async () => {
    const { run, held } = await beginWatched({ ...REFUND, to: 'cus_7' })
    await stage.ask({ action: 'note.write', args: { text: 'beside it' } })
    const show = 'SupervisionPanel,ApprovalInbox,MaturityJourney'
    for (const theme of ['light', 'dark'] as const) {
      const streams: string[] = []
      const page = await browser.open('about:blank', { reducedMotion: 'reduce' })
      page.on('request', (request) => void (/\/api\/events(?:\?|$)/.test(request.url()) && streams.push(request.url())))
      await page.goto(addressOf({ ...ANA, show, theme, props: { agent: run.agent } }))
      await page.getByRole('heading', { level: 1, name: 'Live' }).waitFor()
      await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor()
      await page.getByRole('region', { name: 'What is missing for Autonomous' }).waitFor()
      await page
        .getByRole('link', { name: new RegExp(run.agent) })
        .first()
        .waitFor()
      expect(await violations(page)).toEqual([])
      expect(streams).toHaveLength(1)
      if (SHOTS) await page.screenshot({ path: `${SHOTS}/all-${theme}.png`, fullPage: true })
    }
    held.open()
    await run.first
  })

  it('offers nothing to who only reads, and fits on a small screen [DASH-21]', { timeout: 60_000 }, async () => {
    const { run, held } = await beginWatched({ ...REFUND, to: 'cus_8' })
    const page = await open(
      { id: 'vic', role: 'viewer', props: { session: run.id } },
      { viewport: { width: 360, height: 740 } },
    )
    await badge(page, 'Running').waitFor()
    await page.getByText('What a run says is for those who supervise.').waitFor()
    expect(await page.getByRole('button', { name: /Attach|Pause|Correct|Terminate|Hand over|Rate/ }).count()).toBe(0)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/panel-small.png`, fullPage: true })
    // A wide window with little room in it.
    const narrow = await open({ show: 'Narrow', props: { session: run.id } })
    await narrow.getByRole('log').getByText('first things first').waitFor()
    const spills = narrow.locator('.embed-part').evaluate((element) => element.scrollWidth > element.clientWidth)
    expect(await spills).toBe(false)
    if (SHOTS) await narrow.screenshot({ path: `${SHOTS}/panel-narrow.png`, fullPage: true })
    held.open()
    await run.first
  })
})
