import type { ControlScope } from '@preceptor/client'
import { describeWithChromium } from '@preceptor/test-setup'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { growAgent, pastTime } from './grown-agent.test.helper.ts'
import { wideElements } from './routes.ts'
import { useStage } from './stage.ts'

const HOSTILE = '<img src=x onerror="document.title=1"><b>bold</b>\u202egnp.exe'
const SHOWN = '<img src=x onerror="document.title=1"><b>bold</b>'
const TABS = ['journey', 'activity', 'capabilities', 'training', 'proposals', 'settings'] as const

describeWithChromium('agents in the dashboard', () => {
  const time = pastTime(80)
  const stage = useStage({ offsetMs: time.offsetMs })
  const browser = useBrowser()
  let eve: string
  const open = (path: string, key: string, options = {}): Promise<Page> =>
    browser.signedIn(`${stage.mounts.deep}${path}`, key, { reducedMotion: 'reduce', ...options })
  const titled = (page: Page, text: string | RegExp) => page.getByRole('heading', { level: 1, name: text }).waitFor()
  const agents = (): ControlScope['agents'] => stage.test.admin.agents

  beforeAll(async () => {
    await growAgent(stage, time, 'ledger-bot')
    time.arrive()
    await agents().register({ id: 'calm-bot', maturity: 'supervised', ownerId: 'lee' })
    const hostile = { displayName: HOSTILE, category: HOSTILE, specialty: HOSTILE, ownerId: HOSTILE }
    await agents().register({ id: 'hostile-bot', ...hostile, capabilities: [HOSTILE], maturity: 'intern' })
    await agents().recordIncident('hostile-bot', HOSTILE)
    await agents().pause('hostile-bot', HOSTILE)
    await stage.test.admin.members.put('eve', { displayName: 'eve', roles: ['admin'] })
    const key = { displayName: 'eve', principalKind: 'user', principalId: 'eve', roles: ['admin'] } as const
    eve = (await stage.test.admin.keys.create(key)).secret
  }, 180_000)

  it('stand in a list that puts first what needs somebody, narrowed by the address [DASH-13]', async () => {
    await stage.ask({ agent: 'ledger-bot', action: 'refund.create' })
    const page = await open('/agents', stage.keys.vic)
    const links = page.locator('a.agent-link')
    await links.first().waitFor()
    expect(await links.first().textContent()).toContain(SHOWN)
    await page.getByText('1 proposal', { exact: true }).waitFor()
    expect(await page.getByRole('button', { name: 'Register an agent' }).count()).toBe(0)
    await page.getByLabel('Level', { exact: true }).selectOption('supervised')
    await page.waitForURL('**/agents?maturity=supervised')
    await expect.poll(() => links.allTextContents()).toEqual(['calm-bot'])
    await page.goto(`${stage.mounts.deep}/agents?q=finance&order=name`)
    await expect.poll(() => links.allTextContents()).toEqual(['Billing assistant'])
    await page.goto(`${stage.mounts.deep}/agents?q=nobody`)
    await page.getByText('No agent is like that').waitFor()
    await page.getByRole('link', { name: 'Clear the filters' }).click()
    await links.first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await expect.poll(() => links.nth(1).evaluate((link) => link.matches(':focus'))).toBe(true)
  })

  it('are registered by keyboard alone, by who administers [DASH-13]', async () => {
    const page = await open('/agents', stage.keys.ada)
    await page.getByRole('button', { name: 'Register an agent' }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Id (required)').focus()
    await page.keyboard.type('bad id')
    await page.getByText('Letters, digits, “.”, “_” and “-” only').waitFor()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('new-bot')
    await page.keyboard.press('Control+Enter')
    await page.waitForURL('**/agents/new-bot/journey')
    await titled(page, /new-bot/)
    expect(await agents().get('new-bot')).toMatchObject({ maturity: 'student', ownerId: 'ada' })
  })

  it('show their journey as a drawing whose marks lead to their sources, and as a table [DASH-13]', async () => {
    const page = await open('/agents/ledger-bot', stage.keys.ana)
    await page.waitForURL('**/agents/ledger-bot/journey')
    const drawing = page.getByRole('group', { name: 'Level and confidence over time' })
    await drawing.waitFor()
    for (const name of [
      /^Promoted to Intern/,
      /^Demoted to Student/,
      /^Training done/,
      /^Proposal rejected/,
      /edited/,
    ]) {
      expect(await drawing.getByLabel(name).count(), String(name)).toBeGreaterThan(0)
    }
    // On how many days something was counted depends on when the plane counted it.
    await page.getByText(/^(?:Going on like this|No forecast)/).waitFor()
    await page.getByRole('button', { name: /^Table/ }).click()
    await page.getByRole('table', { name: 'Maturity journey' }).waitFor()
    await page.getByLabel('30 days').check()
    await page.waitForURL('**/journey?range=30')
    await page.goto(`${stage.mounts.deep}/agents/ledger-bot/journey`)
    const mark = drawing.getByRole('link', { name: /^Training done/ }).first()
    await mark.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/training/sessions/trs_*')
    await titled(page, 'Session of ledger-bot')
  })

  it('say what they lack and where their score comes from, as the gate counts it [DASH-13]', async () => {
    const page = await open('/agents/ledger-bot/journey', stage.keys.vic)
    const missing = page.getByRole('region', { name: 'What is missing for Supervised' })
    await missing.waitFor()
    const { gates } = await agents().promotion('ledger-bot')
    expect(await missing.getByRole('listitem').count()).toBe(gates.length)
    expect(await missing.locator('.gate-met').count()).toBe(gates.filter(({ met }) => met).length)
    const { confidence } = await agents().get('ledger-bot')
    const sum = page.getByRole('region', { name: 'Score, where it comes from' }).locator('.sums-total dd')
    const twoDigits = { minimumFractionDigits: 2, maximumFractionDigits: 2 }
    await expect.poll(() => sum.textContent()).toBe((confidence / 10_000).toLocaleString('en', twoDigits))
    // Whoever only reads is offered nothing.
    for (const name of ['Pause', 'Promote', 'More…', 'Record an incident', 'Close']) {
      expect(await page.getByRole('button', { name, exact: true }).count(), name).toBe(0)
    }
  })

  it('are promoted by another person than their owner, who is told so [DASH-13]', async () => {
    await agents().register({ id: 'rising-bot', ownerId: 'ada', maturity: 'intern' })
    const owner = await open('/agents/rising-bot/journey', stage.keys.ada)
    await owner.getByRole('button', { name: 'Promote', exact: true }).click()
    const dialog = owner.getByRole('dialog')
    await dialog.getByText('You own this agent').waitFor()
    await dialog.getByText('What its record still lacks').waitFor()
    await dialog.getByLabel(/Reason/).fill('It is ready.')
    await dialog.getByRole('button', { name: /^Promote/ }).click()
    await dialog.getByRole('alert').getByText('PERMISSION_DENIED').waitFor()
    expect((await agents().get('rising-bot')).maturity).toBe('intern')
    const other = await open('/agents/rising-bot/journey', eve)
    await other.getByRole('button', { name: 'Promote', exact: true }).focus()
    await other.keyboard.press('Enter')
    await other.getByLabel(/Reason/).focus()
    await other.keyboard.type('I looked at 40 of its proposals.')
    await other.keyboard.press('Control+Enter')
    await other.getByText('rising-bot is Supervised now.').waitFor()
    expect((await agents().get('rising-bot')).maturity).toBe('supervised')
    // Who owns it sees it at once, over the stream.
    await owner.keyboard.press('Escape')
    await owner.locator('.agent-facts').getByText('Supervised').waitFor()
  })

  it('are stopped with a reason that stands on their page, and brought back by an administrator [DASH-13]', async () => {
    await agents().register({ id: 'loud-bot', ownerId: 'lee', maturity: 'intern' })
    const page = await open('/agents/loud-bot/journey', stage.keys.ana)
    await page.getByRole('button', { name: 'More…' }).click()
    expect(await page.locator('.choice-list button').allTextContents()).toEqual(['Demote', 'Stop'])
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await page.getByLabel(/Reason/).fill('It will not be quiet.')
    await page.getByRole('dialog').getByRole('button', { name: /^Stop/ }).click()
    const note = page.getByText('Stopped: nothing that it asks for runs')
    await note.waitFor()
    await page.getByText('It will not be quiet.').waitFor()
    expect(await page.getByRole('button', { name: 'Resume' }).count()).toBe(0)
    const decision = await stage.test.agent('loud-bot').decide({ agent: 'loud-bot', action: 'note.write', args: {} })
    expect(decision.route).toBe('denied')
    const admin = await open('/agents/loud-bot/journey', stage.keys.ada)
    await admin.getByRole('button', { name: 'Resume' }).click()
    await admin.getByLabel(/Reason/).fill('It is quiet now.')
    await admin.keyboard.press('Control+Enter')
    await note.waitFor({ state: 'detached' })
    expect((await agents().get('loud-bot')).lifecycle).toBe('active')
  })

  it('have incidents recorded and closed, and settings changed [DASH-13]', async () => {
    await agents().register({ id: 'clumsy-bot', ownerId: 'lee', maturity: 'supervised' })
    const page = await open('/agents/clumsy-bot/journey', stage.keys.ada)
    await page.getByRole('button', { name: 'Record an incident' }).click()
    await page.getByLabel(/Reason/).fill('It dropped the table.')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByText('It dropped the table.').first().waitFor()
    await expect.poll(async () => (await agents().get('clumsy-bot')).maturity).not.toBe('supervised')
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await page.getByLabel(/Reason/).fill('It was restored.')
    await page.keyboard.press('Control+Enter')
    await page.getByText('It was restored.').waitFor()
    await page.goto(`${stage.mounts.deep}/agents/clumsy-bot/settings`)
    await page.getByRole('textbox', { name: 'Name' }).fill('Careful now')
    await page.getByRole('textbox', { name: /capabilities/ }).fill('tables\nchairs\ntables')
    await page.getByRole('button', { name: 'Save' }).click()
    await titled(page, /Careful now/)
    expect(await agents().get('clumsy-bot')).toMatchObject({ capabilities: ['tables', 'chairs'], ownerId: 'lee' })
  })

  it.each(['light', 'dark'] as const)(
    'have no violation that axe knows in %s, on any of their pages [DASH-5]',
    async (colorScheme) => {
      const page = await open('/agents', stage.keys.ada, { colorScheme })
      await page.locator('a.agent-link').first().waitFor()
      expect(await violations(page)).toEqual([])
      for (const tab of TABS) {
        await page.goto(`${stage.mounts.deep}/agents/ledger-bot/${tab}`)
        await page.getByRole('region').first().waitFor()
        await expect.poll(() => page.getByText('Reading…').count()).toBe(0)
        expect(await violations(page), tab).toEqual([])
      }
      for (const name of ['Promote', 'Pause']) {
        await page.getByRole('button', { name, exact: true }).click()
        await page.getByRole('dialog').waitFor()
        expect(await violations(page), name).toEqual([])
        await page.keyboard.press('Escape')
      }
    },
    90_000,
  )

  it('fit on a phone, and show what somebody else wrote as text, everywhere [DASH-6]', async () => {
    const page = await open('/agents', stage.keys.ada, { viewport: { width: 360, height: 740 } })
    await page.locator('a.agent-link').first().waitFor()
    expect(await wideElements(page)).toEqual([])
    for (const agent of ['hostile-bot', 'ledger-bot']) {
      for (const tab of TABS) {
        await page.goto(`${stage.mounts.deep}/agents/${agent}/${tab}`)
        await page.getByRole('region').first().waitFor()
        expect(await wideElements(page), `${agent} ${tab}`).toEqual([])
        expect(await page.locator('main img, main b, main script').count()).toBe(0)
      }
    }
    await page.goto(`${stage.mounts.deep}/agents/hostile-bot/journey`)
    await page.getByText('Paused: nothing that it asks for runs').waitFor()
    await page.getByRole('region', { name: 'Incidents' }).getByText(SHOWN).waitFor()
    expect(await page.locator('main').textContent()).toContain(`${SHOWN}\\u202egnp.exe`)
    expect(await page.title()).toBe('Preceptor')
  })
})
