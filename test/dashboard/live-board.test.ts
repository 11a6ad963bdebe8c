import { describeWithChromium } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { wideElements } from './routes.ts'
import { useStage } from './stage.ts'
import { beginRun, gate, REFUND } from './supervised-run.ts'

const PHONE = { viewport: { width: 360, height: 740 } }
const HOSTILE = '<img src=x onerror="document.title=1">\u202e'
const OUTPUT = JSON.stringify([
  { invoice: '1043', amount: 210 },
  { invoice: '1044', amount: -12.5 },
])

describeWithChromium('the board of supervision', () => {
  const stage = useStage({ settings: { deadlineMs: 20_000, attachWithinMs: 60_000 } })
  const browser = useBrowser()
  let entries = 0

  /** A run that somebody watches, half way. */
  async function beginWatched() {
    const held = gate()
    const run = await beginRun(
      stage,
      async ({ emit, checkpoint }) => {
        emit({ kind: 'progress', value: 0.5, message: HOSTILE })
        emit({ kind: 'log', level: 'warn', message: HOSTILE })
        emit({ kind: 'output', text: OUTPUT })
        await checkpoint()
        await held.passed
      },
      { ...REFUND, reason: HOSTILE },
    )
    await stage.test.user('ana', 'supervisor').sessions.attach(run.id)
    await expect
      .poll(async () => (await stage.test.admin.sessions.events(run.id)).items.some(({ kind }) => kind === 'output'))
      .toBe(true)
    return { run, held }
  }

  /** A run that waits in the queue, since nobody who may watch it is there. */
  async function enqueue(): Promise<string> {
    entries += 1
    const agent = `queued-bot-${entries}`
    await stage.test.register(agent, 'supervised')
    for (const user of ['ana', 'ben', 'ada']) await stage.test.admin.presence.override(user, { state: 'offline' })
    const trigger = { agent, action: 'refund.create', args: { amountCents: 5, to: HOSTILE }, idempotencyKey: agent }
    expect((await stage.test.agent(agent).decide(trigger)).route).toBe('queue')
    for (const user of ['ana', 'ben', 'ada']) await stage.test.admin.presence.clearOverride(user)
    return agent
  }

  it('shows the runs, the queue and who is there, and narrows them by its address [DASH-6]', {
    timeout: 90_000,
  }, async () => {
    const agent = await enqueue()
    const { run, held } = await beginWatched()
    const page = await browser.signedIn(`${stage.mounts.deep}/live`, stage.keys.ana)
    const tile = page.locator('.session-tile', { hasText: run.agent })
    await tile.locator('.meter-text', { hasText: '50 %' }).waitFor()
    await tile.getByText('1 warning').waitFor()
    await tile.getByText('watched by you').waitFor()
    const queue = page.getByRole('region', { name: 'Queue', exact: true }).first()
    await queue.getByText(agent).waitFor()
    await queue.getByText('1 run waits', { exact: false }).waitFor()
    await page.getByRole('region', { name: 'Supervisors online' }).getByText('ana (you)').waitFor()
    await page.getByLabel('State', { exact: true }).selectOption('completed')
    await page.getByText('No run fits these filters.').waitFor()
    expect(page.url()).toContain('state=completed')
    await page.goto(`${stage.mounts.deep}/live?agent=${run.agent}&mine=1`)
    await tile.waitFor()
    await page.getByRole('button', { name: 'Pause all (1)' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Pause all' }).click()
    await tile.getByText('Pause requested…').waitFor()
    expect((await stage.test.admin.sessions.get(run.id)).state).toBe('pausing')
    await page.goto(`${stage.mounts.deep}/live?agent=${agent}`)
    const ask = page.getByRole('dialog')
    await page.getByRole('button', { name: `Move refund.create of ${agent}` }).click()
    await ask.getByLabel('Priority').selectOption('9')
    await ask.getByRole('textbox', { name: /Reason/ }).fill('Payroll is due.')
    expect(await violations(page)).toEqual([])
    await ask.getByRole('button', { name: 'Move it' }).click()
    await ask.waitFor({ state: 'detached' })
    expect((await stage.test.admin.queue.list({ agent })).items).toMatchObject([{ priority: 9 }])
    await page.getByRole('button', { name: `Cancel refund.create of ${agent}` }).click()
    await ask.getByRole('textbox', { name: /Reason/ }).fill('Not needed.')
    await ask.getByRole('button', { name: 'Cancel the run' }).click()
    await page.getByText('Nothing waits for a supervisor.').waitFor()
    expect((await stage.test.admin.queue.list({ agent })).items).toMatchObject([
      { state: 'cancelled', reason: 'Not needed.' },
    ])
    held.open()
    await page.goto(`${stage.mounts.deep}/live?agent=${run.agent}`)
    await tile.getByRole('button', { name: `Stop the agent ${run.agent}` }).click()
    await ask.getByLabel(/^Stop the agent: what runs/).check()
    await ask.getByRole('textbox', { name: /Reason/ }).fill('It goes astray.')
    await ask.getByRole('button', { name: 'Stop the agent' }).click()
    await expect.poll(async () => (await stage.test.admin.agents.get(run.agent)).lifecycle).toBe('stopped')
    expect(await page.title()).toBe('Preceptor')
  })

  it('makes online who uses it, nobody else, and lets that be set by hand [DASH-12]', { timeout: 60_000 }, async () => {
    for (const user of ['ben']) expect((await stage.test.admin.presence.get(user)).lastActivityAt).toBeNull()
    const page = await browser.signedIn(`${stage.mounts.deep}/live`, stage.keys.ben)
    await page.getByRole('heading', { level: 1, name: /Live/ }).waitFor()
    await page.mouse.move(400, 400)
    await page.mouse.move(410, 410)
    await page.getByRole('button', { name: 'Availability: Online' }).waitFor()
    expect(await stage.test.admin.presence.get('ben')).toMatchObject({ state: 'online', override: null })
    await page.getByRole('button', { name: 'Availability: Online' }).click()
    await page.getByLabel('Away').check()
    await page.getByLabel('4 h').check()
    await page.getByRole('button', { name: 'Set' }).click()
    await page.getByRole('button', { name: 'Availability: Away' }).waitFor()
    const { override } = await stage.test.admin.presence.get('ben')
    expect(override?.state).toBe('away')
    expect(Date.parse(override?.until ?? '') - Date.now()).toBeGreaterThan(3.9 * 3_600_000)
    await page.getByRole('button', { name: 'Availability: Away' }).click()
    await page.getByLabel('By what I do').check()
    await page.getByRole('button', { name: 'Set' }).click()
    await page.getByRole('button', { name: 'Availability: Online' }).waitFor()
  })

  it('offers a viewer nothing, and shows what a viewer may read [DASH-12]', async () => {
    const { run, held } = await beginWatched()
    await enqueue()
    const page = await browser.signedIn(`${stage.mounts.deep}/live`, stage.keys.vic)
    await page.getByText(run.agent).waitFor()
    expect(await page.getByRole('button', { name: /Stop|Pause|Cancel|Offer|Availability/ }).count()).toBe(0)
    await page.getByRole('link', { name: new RegExp(run.agent) }).click()
    await page.getByText('What a run says is for those who supervise.').waitFor()
    await page.getByRole('region', { name: 'Steps' }).getByText('refund.create').first().waitFor()
    expect(await page.getByRole('region', { name: 'Steer this run' }).count()).toBe(0)
    expect(await page.content()).not.toContain('cus_91')
    held.open()
    await run.first
    await run.finish()
  })

  it.each(['light', 'dark'] as const)(
    'has no violation that axe knows in %s, and fits a phone [DASH-5]',
    async (colorScheme) => {
      await enqueue()
      const { run, held } = await beginWatched()
      const options = { colorScheme, reducedMotion: 'reduce' } as const
      const page = await browser.signedIn(`${stage.mounts.deep}/live`, stage.keys.ana, options)
      await page.locator('.session-tile', { hasText: run.agent }).locator('.meter-text', { hasText: '50 %' }).waitFor()
      expect(await violations(page)).toEqual([])
      await page.getByRole('button', { name: /Availability/ }).click()
      await page.getByRole('dialog').waitFor()
      expect(await violations(page)).toEqual([])
      await page.goto(`${stage.mounts.deep}/live/${run.id}`)
      await page.getByRole('tab', { name: 'Chart' }).waitFor()
      expect(await violations(page)).toEqual([])
      await page.getByRole('tab', { name: 'Chart' }).click()
      await page.getByRole('img', { name: '1043: 210' }).waitFor()
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('c')
      await page.getByLabel('Guidance').waitFor()
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.setViewportSize(PHONE.viewport)
      expect(await wideElements(page)).toEqual([])
      await page.getByRole('link', { name: /Live/ }).first().click()
      await page.locator('.session-tile', { hasText: run.agent }).waitFor()
      expect(await wideElements(page)).toEqual([])
      held.open()
      await stage.test.admin.sessions.intervene(run.id, { type: 'resume' }).catch(() => undefined)
      await run.first
      await run.finish()
    },
    90_000,
  )
})
