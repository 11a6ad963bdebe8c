import { describeWithChromium } from '@preceptor/test-setup'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { growAgent, pastTime } from './grown-agent.test.helper.ts'
import { type HostPageQuery, LOOK, useHostPage } from './host-page.ts'
import { useStage } from './stage.ts'

const SHOTS = process.env.SHOTS

describeWithChromium('the journey of an agent in a page of somebody else', () => {
  const time = pastTime(80)
  const stage = useStage({ offsetMs: time.offsetMs })
  const browser = useBrowser()
  const addressOf = useHostPage(stage)
  const open = (query: Partial<HostPageQuery>, options = {}): Promise<Page> =>
    browser.open(
      addressOf({ show: 'MaturityJourney', id: 'vic', role: 'viewer', props: { agent: 'ledger-bot' }, ...query }),
      { reducedMotion: 'reduce', ...options },
    )
  const drawingOf = (page: Page) => page.getByRole('group', { name: 'Level and confidence over time' })
  /** Waits for each part, which ask for what they show one by one. */
  const hasCome = async (page: Page): Promise<void> => {
    await drawingOf(page).waitFor()
    await page.getByText(/^(?:Going on like this|No forecast)/).waitFor()
    await page.getByRole('region', { name: 'What is missing for Supervised' }).getByRole('listitem').first().waitFor()
    await page.getByRole('region', { name: 'Score, where it comes from' }).getByText('Sum').waitFor()
  }

  beforeAll(async () => {
    await growAgent(stage, time, 'ledger-bot')
    time.arrive()
    await stage.test.register('other-bot', 'supervised')
  }, 180_000)

  it('is drawn and tabled, says what is missing, and hands the sources of its marks to the page [DASH-22]', async () => {
    const page = await open({})
    const at = page.url()
    const drawing = drawingOf(page)
    await drawing.waitFor()
    for (const name of [/^Promoted to Intern/, /^Demoted to Student/, /^Proposal rejected/, /edited/]) {
      await drawing.getByLabel(name).first().waitFor()
    }
    for (const level of ['Student', 'Intern', 'Supervised', 'Autonomous']) {
      await expect.poll(() => drawing.getByText(level, { exact: true }).count(), { message: level }).toBe(1)
    }
    await page.getByText(/^(?:Going on like this|No forecast)/).waitFor()
    const { gates } = await stage.test.admin.agents.promotion('ledger-bot')
    const missing = page.getByRole('region', { name: 'What is missing for Supervised' })
    await expect.poll(() => missing.getByRole('listitem').count()).toBe(gates.length)
    await drawing
      .getByRole('link', { name: /^Training done/ })
      .first()
      .focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.title()).toMatch(/^\/training\/sessions\/trs_/)
    // A key that is held opens no tab of an address that the host does not have.
    await drawing
      .getByRole('link', { name: /^Proposal rejected/ })
      .first()
      .click({ modifiers: ['Control'] })
    await expect.poll(() => page.title()).toMatch(/^\/inbox\/prp_/)
    expect(page.context().pages()).toHaveLength(1)
    await page.getByLabel('365 days').check()
    await drawing.waitFor()
    await page.getByRole('button', { name: /^Table/ }).click()
    const table = page.getByRole('table', { name: 'Maturity journey' })
    await table.getByRole('link').first().click()
    await expect.poll(() => page.title()).toMatch(/^\/(?:inbox\/prp|training\/sessions\/trs)_/)
    expect(await table.count()).toBe(1)
    expect(page.url()).toBe(at)
  })

  it('has no violation in either theme, and looks the same where the styles of the page mind nobody [DASH-22]', {
    timeout: 90_000,
  }, async () => {
    for (const theme of ['light', 'dark'] as const) {
      const looks: unknown[] = []
      for (const path of ['/plain', '/hostile']) {
        const page = await open({ theme, path })
        await hasCome(page)
        looks.push(await page.evaluate(LOOK))
        if (SHOTS)
          await page.screenshot({ path: `${SHOTS}/journey${path.replace('/', '-')}-${theme}.png`, fullPage: true })
        if (path === '/plain') expect(await violations(page)).toEqual([])
      }
      expect(looks[1]).toEqual(looks[0])
    }
    const small = await open({}, { viewport: { width: 360, height: 740 } })
    await drawingOf(small).waitFor()
    expect(await small.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
  })

  it('becomes that of another agent when the page says so, and one that is not there is said not to be [DASH-22]', async () => {
    const page = await open({ show: 'Agents' })
    await page.getByRole('heading', { level: 1, name: 'Billing assistant' }).waitFor()
    await page.getByRole('button', { name: 'The other one' }).click()
    await page.getByRole('heading', { level: 1, name: 'other-bot' }).waitFor()
    await page.getByRole('region', { name: 'What is missing for Autonomous' }).waitFor()
    const unknown = await open({ props: { agent: 'nobody-bot' } })
    await unknown.getByRole('alert').first().waitFor()
    expect(await drawingOf(unknown).count()).toBe(0)
  })
})
