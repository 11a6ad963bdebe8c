import { readFileSync } from 'node:fs'
import { describeWithChromium } from '@preceptor/test-setup'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { wideElements } from './routes.ts'
import { shown, useStage } from './stage.ts'

const VIEWS = ['Overview', 'Approvals', 'Maturity', 'Supervision', 'Training', 'System'] as const

describeWithChromium('analytics', () => {
  const stage = useStage()
  const browser = useBrowser()
  const at = (rest: string): string => `${stage.mounts.deep}/analytics${rest}`
  const open = (page: Page, view: string): Promise<void> =>
    page.getByRole('navigation', { name: 'Parts of analytics' }).getByRole('link', { name: view }).click()
  const settled = (page: Page) => expect.poll(() => page.getByText('Reading…').count()).toBe(0)

  beforeAll(async () => {
    for (let count = 0; count < 3; count += 1) {
      const proposal = await stage.ask({ action: 'note.write', args: { count } })
      await stage.ben.proposals.approve(proposal.id, { ...shown(proposal), reason: 'Fine.' })
    }
    const rejected = await stage.ask({ action: 'note.write', args: { count: 9 } })
    await stage.ben.proposals.reject(rejected.id, { ...shown(rejected), category: 'other', reason: 'No.' })
    await stage.ask()
    await stage.test.register('new-bot', 'student')
    for (const key of ['a', 'b']) {
      const trigger = { agent: 'new-bot', action: 'mail.send', args: { body: key }, idempotencyKey: key }
      expect((await stage.test.agent('new-bot').decide(trigger)).route).toBe('training')
    }
  })

  it.each(['light', 'dark'] as const)(
    'shows every part in %s without a violation, and on a phone without scrolling sideways [DASH-15]',
    async (colorScheme) => {
      const page = await browser.open(at(''), { colorScheme, reducedMotion: 'reduce' })
      await page.getByLabel('API key').fill(stage.keys.vic)
      await page.keyboard.press('Enter')
      await page.waitForURL('**/analytics/overview')
      for (const view of VIEWS) {
        await open(page, view)
        await page.getByRole('main').getByRole('table').or(page.getByRole('figure')).first().waitFor()
        await settled(page)
        expect(await violations(page), view).toEqual([])
        if (process.env.SHOTS !== undefined) {
          await page.screenshot({ path: `${process.env.SHOTS}/${colorScheme}-${view}.png`, fullPage: true })
        }
        await page.setViewportSize({ width: 360, height: 740 })
        expect(await wideElements(page), view).toEqual([])
        if (process.env.SHOTS !== undefined) {
          await page.screenshot({ path: `${process.env.SHOTS}/phone-${view}.png`, fullPage: true })
        }
        await page.setViewportSize({ width: 1280, height: 900 })
      }
    },
    90_000,
  )

  it('has numbers that are true, leads to their rows, and keeps its filters in the address [DASH-15]', async () => {
    const page = await browser.signedIn(at('/overview'), stage.keys.ana)
    const tiles = page.getByRole('list', { name: 'Key numbers' }).getByRole('listitem')
    await expect.poll(() => tiles.filter({ hasText: 'Settled' }).first().textContent()).toContain('Settled4')
    expect(await tiles.filter({ hasText: 'Rejected' }).textContent()).toContain('25 %')
    expect(await tiles.filter({ hasText: 'Waiting now' }).textContent()).toContain('Waiting now1')
    await page.getByRole('textbox', { name: 'Only this agent' }).fill('new-bot')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/overview?agent=new-bot')
    await expect.poll(() => tiles.filter({ hasText: 'Settled' }).first().textContent()).toContain('Settled0')
    await page.getByRole('combobox', { name: 'Range' }).selectOption('7d')
    await expect.poll(() => new URL(page.url()).searchParams.get('range')).toBe('7d')
    await page.goto(at('/overview'))
    await tiles.filter({ hasText: 'Rejected' }).getByRole('link').click()
    await page.waitForURL('**/inbox?state=rejected')
    await page
      .getByRole('link', { name: /note\.write/ })
      .first()
      .waitFor()
  }, 60_000)

  it('leads from each number that counts records to the list that shows them [DASH-66]', async () => {
    const page = await browser.signedIn(at('/overview?agent=new-bot'), stage.keys.ana)
    const leads = async (view: string): Promise<readonly (readonly [string, string])[]> => {
      await page.goto(at(`/${view}?agent=new-bot`))
      await page.getByRole('main').getByRole('table').or(page.getByRole('figure')).first().waitFor()
      await settled(page)
      const links = page.getByRole('main').locator('a[title^="Show the rows"]')
      return Promise.all(
        (await links.all()).map(async (link) => {
          const title = (await link.getAttribute('title')) ?? ''
          const { pathname, search } = new URL((await link.getAttribute('href')) ?? '', page.url())
          return [title.slice('Show the rows: '.length), `${pathname.split('/governance')[1]}${search}`] as const
        }),
      )
    }
    const from = /&from=\d{4}-\d\d-\d\d$/
    expect(await leads('overview')).toEqual([
      ['Waiting now', '/inbox?agent=new-bot'],
      ['Courses to decide on', '/training/proposals?agent=new-bot'],
      ['Runs that wait for a supervisor', '/live?agent=new-bot'],
      ['Settled', '/inbox?state=all&agent=new-bot'],
      ['Rejected', '/inbox?state=rejected&agent=new-bot'],
      ['Edited', expect.stringMatching(/^\/audit\?kind=proposal\.edited&agent=new-bot&from=/)],
      ['Expired', '/inbox?state=expired&agent=new-bot'],
    ])
    expect(await leads('supervision')).toEqual([
      [expect.any(String), '/live?state=completed&agent=new-bot'],
      [expect.any(String), '/live?queue=all&agent=new-bot'],
      [expect.any(String), '/live?queue=expired&agent=new-bot'],
    ])
    expect(await leads('training')).toEqual([
      ...['completed', 'cancelled', 'failed'].map((state) => [
        expect.any(String),
        `/training/sessions?state=${state}&agent=new-bot`,
      ]),
      [expect.any(String), '/training/blocked?state=all&agent=new-bot'],
    ])
    await page.goto(at('/approvals'))
    const decisions = page.getByRole('table', { name: 'Who decides, and how' }).getByRole('link').first()
    expect(await decisions.getAttribute('href')).toMatch(from)
    await decisions.click()
    await page.waitForURL(/\/audit\?actor=user%3Aben&from=/)
    await page.getByText('proposal.approved').first().waitFor()
    await page.goto(at('/maturity'))
    await page.getByRole('table', { name: 'Time at each level' }).getByRole('link').first().click()
    await page.waitForURL(/\/agents\?maturity=/)
  }, 60_000)

  it('can be gone through by keyboard, and read as a table [DASH-15]', async () => {
    const page = await browser.signedIn(at('/overview'), stage.keys.ana)
    const chart = page.getByRole('figure', { name: 'Outcomes over time' })
    const points = chart.getByRole('img', { name: /^[A-Z][a-z]{2} \d+: / })
    await points.last().focus()
    expect(await points.last().getAttribute('aria-label')).toMatch(/: approved 3, rejected 1, blocked 2$/)
    await page.keyboard.press('ArrowLeft')
    const name = await points.nth(-2).getAttribute('aria-label')
    expect(name).toMatch(/: nothing$/)
    await chart.getByText(name ?? '', { exact: true }).waitFor()
    await chart.getByRole('button', { name: /^Table/ }).press('Enter')
    const row = chart.getByRole('table').getByRole('row').last()
    expect(await row.getByRole('cell').allTextContents()).toEqual([expect.any(String), '3', '1', '2'])
  }, 60_000)

  it('is exported as JSON and as CSV [DASH-15]', async () => {
    const page = await browser.signedIn(at('/overview'), stage.keys.ana)
    await page.getByRole('figure', { name: 'Outcomes over time' }).waitFor()
    await settled(page)
    const texts: Record<string, string> = {}
    for (const format of ['JSON', 'CSV']) {
      const waiting = page.waitForEvent('download')
      await page.getByRole('button', { name: `Export ${format}` }).click()
      const download = await waiting
      texts[format] = readFileSync(await download.path(), 'utf8')
      expect(download.suggestedFilename()).toBe(`analytics-overview-30d.${format.toLowerCase()}`)
    }
    expect(JSON.parse(texts.JSON ?? '')).toMatchObject({ decisions: { total: { approved: 3, rejected: 1 } } })
    expect(texts.CSV).toContain('decisions.total.approved,,')
    expect(texts.CSV).toMatch(/decisions\.total\.approved,.*,3\r\n/)
  }, 60_000)
})
