import { readFileSync } from 'node:fs'
import { describeWithChromium } from '@preceptor/test-setup'
import type { Download, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { wideElements } from './routes.ts'
import { useStage } from './stage.ts'

const HOSTILE = '<img src=x onerror="document.title=1">'

describeWithChromium('audit', () => {
  const stage = useStage()
  const browser = useBrowser()
  const audit = (): string => `${stage.mounts.deep}/audit`
  const rows = (page: Page) => page.getByRole('region', { name: 'Rows of the journal, newest first' })

  it.each(['light', 'dark'] as const)(
    'shows rows, their bodies as text and the state of the chain in %s [DASH-15]',
    async (colorScheme) => {
      await stage.test.admin.members.put('eve', { displayName: HOSTILE, roles: ['viewer'] })
      const page = await browser.open(audit(), { colorScheme, reducedMotion: 'reduce' })
      await page.getByLabel('API key').fill(stage.keys.ana)
      await page.keyboard.press('Enter')
      const row = rows(page).getByText('member.changed').first()
      await row.click()
      await rows(page).getByText(JSON.stringify(HOSTILE)).first().waitFor()
      expect(await page.locator('main img').count()).toBe(0)
      await page.getByRole('button', { name: 'Verify the chain' }).click()
      await page.getByText('The chain is intact.').waitFor()
      await page.getByText(/sealed rows were checked, up to number \d+\./).waitFor()
      expect(await violations(page)).toEqual([])
      await page.setViewportSize({ width: 360, height: 740 })
      expect(await wideElements(page)).toEqual([])
      expect(await page.title()).toBe('Preceptor')
    },
    60_000,
  )

  it('keeps its filters in the address, and shows what is new only when asked [DASH-15, DASH-63]', async () => {
    const stop = await stage.test.user('ada', 'admin').stops.set({
      target: 'agent',
      agent: 'billing-bot',
      reason: 'A test.',
    })
    const page = await browser.signedIn(audit(), stage.keys.ana)
    await page.getByRole('textbox', { name: 'Who' }).fill('ada')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/audit?actor=ada')
    await page.getByRole('combobox', { name: 'Kind' }).fill('stop.set')
    await page.keyboard.press('Enter')
    await page.waitForURL(/actor=ada/)
    await expect.poll(() => new URL(page.url()).searchParams.get('kind')).toBe('stop.set')
    await expect.poll(() => rows(page).getByRole('listitem').count()).toBe(1)
    await rows(page).getByText(stop.id).waitFor()
    await stage.test.user('ada', 'admin').stops.lift(stop.id, 'Over.')
    await stage.test.user('ada', 'admin').stops.set({ target: 'agent', agent: 'billing-bot', reason: 'Again.' })
    const fresh = page.getByRole('button', { name: /^1 new row/ })
    await fresh.waitFor()
    expect(await rows(page).getByRole('listitem').count()).toBe(1)
    await fresh.click()
    await expect.poll(() => rows(page).getByRole('listitem').count()).toBe(2)
    // The server is asked for these rows, and not for all of them.
    const asking = page.waitForRequest(/\/journal\?/)
    await page.reload()
    const query = new URL((await asking).url()).searchParams
    expect([query.get('actor'), query.get('kind')]).toEqual(['ada', 'stop.set'])
    await expect.poll(() => rows(page).getByRole('listitem').count()).toBe(2)
    const day = new Date(Date.now() - 12 * 3_600_000).toISOString().slice(0, 10)
    await page.goto(`${audit()}?actor=user%3Aada&kind=stop.set&from=${day}`)
    await expect.poll(() => rows(page).getByRole('listitem').count()).toBe(2)
    await page.goto(`${audit()}?from=2001-01-01&to=2001-01-02`)
    await page.getByText('No row matches.').waitFor()
    expect(await violations(page)).toEqual([])
  }, 60_000)

  it('exports the chain as a file [DASH-15]', async () => {
    const page = await browser.signedIn(audit(), stage.keys.ana)
    await page.getByRole('button', { name: 'Export' }).click()
    const dialog = page.getByRole('dialog')
    expect(await violations(page)).toEqual([])
    const waiting: Promise<Download> = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Export' }).click()
    const download = await waiting
    expect(download.suggestedFilename()).toMatch(/^journal-\d{4}-\d\d-\d\d\.jsonl$/)
    const lines = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n')
    const kinds = lines.map((line) => (JSON.parse(line) as { readonly row?: { readonly kind: string } }).row?.kind)
    expect(kinds).toContain('member.changed')
    await page.getByText('The export is saved.').first().waitFor()
  }, 60_000)

  it('gives a viewer rows without bodies, and nothing to verify or export [DASH-15]', async () => {
    const page = await browser.signedIn(audit(), stage.keys.vic)
    await rows(page).getByText('member.changed').first().click()
    await page.getByText('Your role reads the journal without bodies.').waitFor()
    expect(await page.getByText(HOSTILE).count()).toBe(0)
    expect(await page.getByRole('button', { name: /Verify|Export/ }).count()).toBe(0)
  }, 60_000)
})
