import { visibleText } from '@preceptor/client'
import { describeWithChromium } from '@preceptor/test-setup'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { useBrowser } from './browser.ts'
import { visit, wideElements } from './routes.ts'
import { dialogsOf } from './world/dialogs.ts'
import { hostileTexts, TEXT_FIELDS } from './world/hostile-texts.ts'
import { openDialog } from './world/open-dialog.ts'
import { pagesOf, type WorldPage } from './world/pages.ts'
import { useWorld } from './world/use-world.ts'
import type { TextField } from './world/usual-texts.ts'

const WIDE = { width: 1280, height: 800 }
const PHONE = { width: 360, height: 740 }

/** What only text of somebody else could have made, anywhere on a page; a link within the dashboard may look for such text. */
const MARKUP =
  ':is(main, [role="dialog"]) :is(img, script, iframe, object, embed, style, link, base, meta, video, math, template), [onerror], [onload], a[href^="javascript"], a[href*="evil"]:not([href^="/admin/governance/"])'

/** All text of the main part and of dialogs as it is read; what is edited is what it is. */
const TEXT = `[...document.querySelectorAll('main, [role="dialog"]')].map((part) => {
  const read = part.cloneNode(true)
  for (const edited of read.querySelectorAll('textarea')) edited.remove()
  return read.textContent
}).join('\\n')`

/** Opens what is folded. */
const UNFOLD = `document.querySelectorAll('main details').forEach((part) => { part.open = true })`

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const HIDDEN = /[\u202e\u2066\u200b\u00ad\ufeff\u001b]/

type Looked = Pick<WorldPage, 'name' | 'address' | 'who'>

/** Fields that no page shows, each with where it is instead. */
const ELSEWHERE: Readonly<Partial<Record<TextField, string>>> = {
  'review.reason': 'reviews of agents are read by the API alone',
  'effect.output': 'what an action gave goes to the agent',
  'effect.error': 'why an action failed goes to the agent',
  'feedback.task': 'the page of insights shows what was asked and answered',
  'webhook.path': 'an address holds it in its own way of writing',
}

describeWithChromium('a world in which every text is hostile', () => {
  const world = useWorld(hostileTexts, { weeks: 1 })
  // A plane that does much may say that it is not ready just now.
  const browser = useBrowser({ expects: [/status of 503/] })
  const at = (address: string): string => `${world.stage.mounts.deep}/${address}`
  const signedIn = (who: 'ana' | 'ada'): Promise<Page> =>
    browser.signedIn(world.stage.mounts.deep, world.stage.keys[who], { viewport: WIDE, reducedMotion: 'reduce' })
  const seen = new Set<TextField>()
  /** Where a field was seen last, whole or not. */
  const begun = new Map<TextField, string>()

  /** Every page, and the log of a run from its beginning. */
  const addresses = (): readonly Looked[] => [
    ...pagesOf(world.ids),
    { name: 'live-log', address: `live/${world.ids.supervision.terminated}?level=info&follow=0` },
    { name: 'alerts-all', address: 'alerts?state=all' },
    { name: 'agent-incidents', address: 'agents/desk-bot/activity' },
    { name: 'workflow-run-cancelled', address: `workflows/runs/${world.ids.orchestration.runs.cancelled}` },
    { name: 'queue-all', address: 'live?queue=cancelled' },
    { name: 'inbox-rejected', address: `inbox/${world.ids.proposals.rejected}` },
    { name: 'inbox-responded', address: `inbox/${world.ids.proposals.responded}` },
    { name: 'inbox-edited', address: `inbox/${world.ids.proposals.edited}` },
    { name: 'inbox-cancelled', address: `inbox/${world.ids.proposals.cancelled}` },
    { name: 'training-cancelled', address: `training/sessions/${world.ids.training.cancelled}` },
    { name: 'training-scored', address: `training/sessions/${world.ids.training.running}?task=1` },
    { name: 'inbox-question', address: `inbox/${world.ids.orchestration.asked}` },
    { name: 'audit-run-cancelled', address: 'audit?kind=workflow_run.cancelled' },
    { name: 'audit-collaboration-cancelled', address: 'audit?kind=collaboration.cancelled' },
    { name: 'audit-failed', address: 'audit?kind=proposal.failed' },
    { name: 'session-paused', address: `live/${world.ids.supervision.paused}` },
  ]

  async function look(page: Page, name: string): Promise<void> {
    await page.evaluate(UNFOLD)
    const text = await settledText(page)
    expect(HIDDEN.exec(text)?.index ?? null, `${name} hides a character`).toBe(null)
    for (const field of TEXT_FIELDS) {
      if (text.includes(visibleText(hostileTexts(field)))) seen.add(field)
      const at = text.indexOf(`${field} <img`)
      if (at >= 0) begun.set(field, `${name}: ${text.slice(at, at + 240)}`)
    }
    expect(await page.locator(MARKUP).count(), `${name} has markup`).toBe(0)
    expect(await wideElements(page), `${name} scrolls sideways`).toEqual([])
  }

  it.each(['ana', 'ada'] as const)(
    'runs nothing, asks nobody, hides nothing and holds in its place on every page of %s [DASH-25]',
    { timeout: 600_000 },
    async (who) => {
      const page = await signedIn(who)
      const noted = await watch(page)
      for (const { name, address, who: looks = 'ana' } of addresses()) {
        if (looks !== who) continue
        await visit(page, at(address))
        await look(page, name)
        for (const tab of await page.locator('main [role="tab"]').all()) {
          await tab.click()
          await look(page, `${name}, ${await tab.textContent()}`)
        }
        await page.setViewportSize(PHONE)
        expect(await wideElements(page), `${name} on a phone`).toEqual([])
        await page.setViewportSize(WIDE)
      }
      expect(await page.title()).toBe('Preceptor')
      expect(noted).toEqual([])
    },
  )

  it.each(['ana', 'ada'] as const)(
    'does the same in every dialog of %s [DASH-25]',
    { timeout: 600_000 },
    async (who) => {
      const page = await signedIn(who)
      const noted = await watch(page)
      for (const dialog of dialogsOf(world.ids)) {
        if ((dialog.who ?? 'ada') !== who) continue
        await visit(page, at(dialog.address))
        await openDialog(page, dialog)
        await look(page, dialog.file)
      }
      expect(noted).toEqual([])
    },
  )

  it('is read in full, field by field [DASH-25]', () => {
    const unseen = TEXT_FIELDS.filter((field) => !seen.has(field) && !(field in ELSEWHERE))
    expect(unseen.map((field) => `${field}: ${begun.get(field) ?? 'nowhere'}`)).toEqual([])
  })
})

/** The text of a page once nothing is added to it any more. */
async function settledText(page: Page): Promise<string> {
  let before = ''
  const isSettled = async (): Promise<boolean> => {
    const text = String(await page.evaluate(TEXT))
    const isSame = text === before
    before = text
    return isSame
  }
  await expect.poll(isSettled, { timeout: 15_000, interval: 150 }).toBe(true)
  return before
}

/** Notes each script that runs, each dialog and window, and each request that leaves. */
async function watch(page: Page): Promise<string[]> {
  const noted: string[] = []
  await page.exposeFunction('ran', () => void noted.push('a script ran'))
  page.on('dialog', (dialog) => {
    // An editor asks before its edits are lost; nobody means to keep them.
    if (dialog.type() === 'beforeunload') return void dialog.accept()
    noted.push(`a dialog said ${dialog.message()}`)
    void dialog.dismiss()
  })
  const { origin } = new URL(page.url())
  page.on('request', (request) => {
    const { protocol, origin: to } = new URL(request.url())
    if (!['data:', 'blob:'].includes(protocol) && to !== origin) noted.push(`it asked ${request.url()}`)
  })
  page.on('popup', (popup) => void noted.push(`it opened ${popup.url()}`))
  return noted
}
