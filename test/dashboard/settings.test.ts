import { describeWithChromium } from '@preceptor/test-setup'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { wideElements } from './routes.ts'
import { useStage } from './stage.ts'

const SECTIONS = {
  policies: 'Policy',
  shadow: 'In shadow',
  actions: 'Actions',
  grants: 'Grants',
  stops: 'Stops and bypasses',
  alerts: 'Alerts',
  members: 'Members',
  escalations: 'Escalation',
  reviewers: 'Reviewers',
  notifications: 'Webhooks',
  keys: 'API keys',
  me: 'My preferences',
  about: 'About',
} as const
const PHONE = { width: 360, height: 740 }
const HOSTILE = '<img src=x onerror="document.title=1">'
const DAY_MS = 86_400_000

describeWithChromium('settings', () => {
  const stage = useStage()
  const browser = useBrowser({ expects: [/status of 503/] })
  const at = (section: string): string => `${stage.mounts.deep}/settings/${section}`
  const headed = (page: Page, name: string): Promise<void> =>
    page.getByRole('heading', { level: 2, name, exact: true }).waitFor()

  it.each(['light', 'dark'] as const)(
    'show every section in %s, empty, without a violation, and on a phone without scrolling sideways [DASH-5]',
    async (colorScheme) => {
      const page = await browser.open(`${stage.mounts.deep}/settings`, { colorScheme, reducedMotion: 'reduce' })
      await page.getByLabel('API key').fill(stage.keys.ada)
      await page.keyboard.press('Enter')
      await headed(page, 'Policy')
      expect(new URL(page.url()).pathname).toBe('/admin/governance/settings/policies')
      const sections = page.getByRole('navigation', { name: 'Sections of the settings' })
      for (const name of Object.values(SECTIONS)) {
        await sections.getByRole('link', { name }).click()
        await headed(page, name)
        await expect.poll(() => page.getByText('Reading…').count()).toBe(0)
        expect(await violations(page), name).toEqual([])
        await page.setViewportSize(PHONE)
        expect(await wideElements(page), name).toEqual([])
        await page.setViewportSize({ width: 1280, height: 900 })
      }
    },
    90_000,
  )

  it('show what people wrote as the text that it is [DASH-6]', async () => {
    const { admin, user } = stage.test
    const ada = user('ada', 'admin')
    const until = new Date(Date.now() + DAY_MS).toISOString()
    await admin.policies.put({ shadow: [HOSTILE] }, { basedOn: 0, reason: HOSTILE })
    await admin.members.put('eve', { displayName: HOSTILE, roles: ['viewer'] })
    const matcher = { args: { [HOSTILE]: { equals: HOSTILE } } }
    await stage.ben.grants.create({
      agent: 'billing-bot',
      action: 'note.write',
      matcher,
      uses: 2,
      expiresAt: until,
      reason: HOSTILE,
    })
    const stop = await ada.stops.set({ target: 'agent', agent: 'billing-bot', reason: HOSTILE })
    await ada.stops.lift(stop.id, HOSTILE)
    await ada.bypasses.set({ target: 'workspace', action: 'mail.send', reason: HOSTILE })
    const steps = [{ afterMs: 60_000, notify: { role: 'supervisor' } }] as const
    await ada.escalations.create({ name: HOSTILE, steps })
    await admin.keys.create({ displayName: HOSTILE, principalKind: 'agent', principalId: 'billing-bot' })
    const page = await browser.signedIn(at('policies'), stage.keys.ada)
    for (const section of ['policies', 'shadow', 'members', 'grants', 'stops', 'escalations', 'keys'] as const) {
      await page.goto(at(section))
      await headed(page, SECTIONS[section])
      await page.getByText(HOSTILE).first().waitFor()
      expect(await page.locator('main img').count()).toBe(0)
      expect(await violations(page), section).toEqual([])
      await page.setViewportSize(PHONE)
      expect(await wideElements(page), section).toEqual([])
      await page.setViewportSize({ width: 1280, height: 900 })
    }
    expect(await page.title()).toBe('Preceptor')
  }, 60_000)

  it('take a change of the policy by keyboard, say what is wrong by line, and who was first [DASH-15]', async () => {
    const { admin } = stage.test
    const { version } = await admin.policies.current()
    const page = await browser.signedIn(`${at('policies')}?edit=true`, stage.keys.ada)
    const text = page.getByRole('textbox', { name: 'Policy document (JSON)' })
    await text.focus()
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText('{\n  "proposalTtlMs": 60000\n  "shadow": []\n}')
    await page.getByText('Line 3, column 3: A comma or a closing bracket is needed here.').waitFor()
    expect(await page.getByRole('button', { name: 'Save…' }).isDisabled()).toBe(true)
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText('{\n  "matrix": {},\n  "proposalTtlMs": 5\n}')
    await page.getByRole('button', { name: 'Save…' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Reason' }).fill('Shorter.')
    await page.keyboard.press('Control+Enter')
    await page.getByText(/^Line 3, column 20: proposalTtlMs: /).waitFor()
    await text.fill('{\n  "proposalTtlMs": 60000\n}')
    await page
      .getByRole('region', { name: 'What would change' })
      .getByText(/\b60000$/)
      .waitFor()
    await admin.policies.put({ shadow: ['mail'] }, { basedOn: version, reason: 'I was first.' })
    await page.getByText('“I was first.”').waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: /^Go on from version/ }).click()
    await page.getByRole('button', { name: 'Save…' }).click()
    await page.getByRole('textbox', { name: 'Reason' }).fill('A minute will do.')
    await page.keyboard.press('Control+Enter')
    await headed(page, 'Policy')
    await expect.poll(async () => (await admin.policies.current()).document).toEqual({ proposalTtlMs: 60_000 })
    expect((await admin.policies.current()).createdBy).toBe('user:ada')
  }, 60_000)

  it('ask before edits of the policy are lost, by a link, by going back by loading anew and by signing out [DASH-27, DASH-65]', async () => {
    const page = await browser.signedIn(at('policies'), stage.keys.ada)
    await page.getByRole('link', { name: 'Edit the policy' }).click()
    const text = page.getByRole('textbox', { name: 'Policy document (JSON)' })
    const written = '{ "proposalTtlMs": 90000 }'
    const ask = page.getByRole('dialog', { name: 'Leave without saving?' })
    const asked: string[] = []
    // What the browser asks is answered by staying.
    page.on('dialog', (dialog) => {
      asked.push(dialog.type())
      void dialog.dismiss()
    })
    await text.fill(written)
    await page.getByRole('link', { name: 'Grants' }).click()
    await ask.waitFor()
    expect(await violations(page)).toEqual([])
    await ask.getByRole('button', { name: 'Stay' }).click()
    await ask.waitFor({ state: 'detached' })
    expect(await text.inputValue()).toBe(written)
    await page.goBack()
    await ask.waitFor()
    await page.keyboard.press('Escape')
    await ask.waitFor({ state: 'detached' })
    expect(await text.inputValue()).toBe(written)
    await page.evaluate('location.reload()')
    await expect.poll(() => asked).toEqual(['beforeunload'])
    expect(await text.inputValue()).toBe(written)
    await page.getByRole('button', { name: 'Sign out' }).click()
    const asksOut = page.getByRole('dialog', { name: 'Sign out without saving?' })
    await asksOut.getByRole('button', { name: 'Stay' }).click()
    await asksOut.waitFor({ state: 'detached' })
    expect(await text.inputValue()).toBe(written)
    await page.getByRole('link', { name: 'Grants' }).click()
    await ask.getByRole('button', { name: 'Leave' }).click()
    await headed(page, 'Grants')
    // Who changed nothing, or says so by the button, is not asked.
    await page.goto(`${at('policies')}?edit=true`)
    await text.fill(written)
    await page.getByRole('button', { name: 'Discard' }).click()
    await text.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Edit the policy' }).click()
    await text.waitFor()
    await page.getByRole('link', { name: 'Grants' }).click()
    await headed(page, 'Grants')
    expect(asked).toEqual(['beforeunload'])
    expect((await stage.test.admin.policies.current()).document).not.toEqual(JSON.parse(written))
  }, 60_000)

  it('try a policy on past decisions before it is saved [DASH-15]', async () => {
    await stage.ask({ action: 'note.write', args: { text: 'hello' } })
    const page = await browser.signedIn(`${at('policies')}?edit=true`, stage.keys.ada)
    const document = { actions: { 'note.write': { risk: 'critical', ceiling: 'student' } } }
    await page.getByRole('textbox', { name: 'Policy document (JSON)' }).fill(JSON.stringify(document))
    await page.getByRole('button', { name: 'Try', exact: true }).click()
    await page.getByText(/would have gone another way, of/).waitFor()
    const newest = page.getByRole('table', { name: 'The newest that would differ' })
    await newest.getByText('note.write').first().waitFor()
    await page.getByText('None of them with less of a look at it, 1 with more.').waitFor()
    // What is drawn stands in a table as well, and what would differ is counted by action and by agent.
    const routes = page.getByRole('figure', { name: 'From which route to which' })
    await routes.getByRole('img', { name: /^Is proposed → Is \w+ \(stricter\): 1, / }).waitFor()
    await routes.getByRole('button', { name: /^Table/ }).click()
    await routes.getByRole('row', { name: /^Is proposed → Is \w+ \(stricter\) 1 / }).waitFor()
    await page
      .getByRole('table', { name: 'What would differ, by action' })
      .getByRole('row', { name: /^note\.write Is proposed Is \w+ stricter 1$/ })
      .waitFor()
    const agents = page.getByRole('table', { name: 'What would differ, by agent' })
    await agents.getByRole('link', { name: 'billing-bot' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.setViewportSize(PHONE)
    expect(await wideElements(page)).toEqual([])
  }, 60_000)

  it('show what a policy that only watches would have done, and enforce it with a reason [DASH-60]', async () => {
    const { admin, agent } = stage.test
    const rules = { limits: [{ name: 'notes', action: 'note.write', per: 'day', most: 100 }] }
    const { version } = await admin.policies.current()
    await admin.policies.put({ ...rules, shadow: ['note', 'idle'] }, { basedOn: version, reason: 'Watch it first.' })
    const ran = await Promise.all(
      ['a', 'b', 'c'].map((key) => {
        const args = { text: key }
        return agent('billing-bot').decide({ agent: 'billing-bot', action: 'note.write', args, idempotencyKey: key })
      }),
    )
    expect(ran.map(({ route }) => route)).toEqual(['execution', 'execution', 'execution'])
    const counted = async () => (await admin.policies.shadow()).capabilities.find((one) => one.capability === 'note')
    await expect.poll(async () => (await counted())?.ran).toBe(3)
    const page = await browser.signedIn(at('shadow'), stage.keys.ada)
    const table = page.getByRole('table', { name: 'Capabilities' })
    await table.getByRole('row', { name: 'note in shadow 3 3 (100 %)' }).waitFor()
    await page.getByText('Of 3 attempts that ran, enforcing would have watched or held back 3.').waitFor()
    await page.getByRole('img', { name: 'Is proposed: 3, 100 %' }).waitFor()
    expect(await violations(page)).toEqual([])
    await table.getByRole('link', { name: 'idle' }).click()
    await page.getByText('Nothing was attempted at it in that time.').waitFor()
    await page.getByRole('combobox', { name: 'Days back' }).selectOption('90 days')
    await expect.poll(() => new URL(page.url()).search).toBe('?capability=idle&days=90')
    await table.getByRole('link', { name: 'note' }).click()
    // Each of the newest leads to the row that holds the decision.
    const examples = page.getByRole('table', { name: 'The newest that would not just have run' })
    await examples.getByRole('link').first().click()
    await page
      .getByRole('region', { name: /^Rows of the journal/ })
      .getByText('decision.made')
      .waitFor()
    expect(ran.map(({ id }) => id)).toContain(new URL(page.url()).searchParams.get('subject'))
    await page.goBack()
    await page.getByRole('button', { name: /^Enforce… ?: note$/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Enforce the rules of note?' }).waitFor()
    expect(await violations(page)).toEqual([])
    // Somebody was first: it is said, and gone on from.
    const first = await admin.policies.current()
    await admin.policies.put({ ...first.document, proposalTtlMs: 60_000 }, { basedOn: first.version, reason: 'First.' })
    await page.getByRole('textbox', { name: 'Reason' }).fill('Three of three were to be proposed.')
    await page.keyboard.press('Control+Enter')
    await page.getByText(`Somebody saved version ${first.version + 1} meanwhile.`, { exact: false }).waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await table.getByRole('row', { name: 'note enforced 3 3 (100 %)' }).waitFor()
    expect(await admin.policies.current()).toMatchObject({
      document: { ...rules, shadow: ['idle'], proposalTtlMs: 60_000 },
      reason: 'Three of three were to be proposed.',
      createdBy: 'user:ada',
    })
    await admin.policies.put({}, { basedOn: first.version + 2, reason: 'As it was.' })
  }, 60_000)

  it('show a supervisor what is in shadow, and nothing to enforce; a viewer not even that [DASH-60]', async () => {
    const { admin } = stage.test
    const { version } = await admin.policies.current()
    await admin.policies.put({ shadow: ['note'] }, { basedOn: version, reason: 'Watch it.' })
    const page = await browser.signedIn(at('shadow'), stage.keys.ana)
    await page.getByRole('table', { name: 'Capabilities' }).getByText('in shadow').waitFor()
    await page.setViewportSize(PHONE)
    expect(await wideElements(page)).toEqual([])
    expect(await page.getByRole('button', { name: /^Enforce/ }).count()).toBe(0)
    const viewer = await browser.signedIn(at('shadow'), stage.keys.vic)
    await viewer.getByText('Only supervisors and administrators see this.').waitFor()
    await admin.policies.put({}, { basedOn: version + 1, reason: 'As it was.' })
  }, 60_000)

  it('show the secret of a key once, and revoke it [DASH-15]', async () => {
    const page = await browser.signedIn(at('keys'), stage.keys.ada)
    await page.getByRole('button', { name: 'New key' }).click()
    await page.getByRole('textbox', { name: /Name of the key/ }).fill('for a test')
    await page.getByRole('textbox', { name: /Id of the agent/ }).fill('billing-bot')
    await page.getByRole('button', { name: 'Create the key' }).click()
    const secret = await page.getByRole('textbox', { name: 'Secret' }).inputValue()
    expect((await stage.test.governor.authenticate(secret)).principal.id).toBe('billing-bot')
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByLabel('I have kept it').check()
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByText('for a test', { exact: true }).waitFor()
    await expect.poll(() => page.content()).not.toContain(secret)
    await page.getByRole('button', { name: /^Revoke ?: for a test$/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await expect.poll(() => page.getByRole('button', { name: /^Revoke ?: for a test$/ }).count()).toBe(0)
    // Behind the dialog the row is hidden, too, so that its absence alone says nothing.
    const answer = (): Promise<string> => stage.test.governor.authenticate(secret).then(() => 'taken', codeOf)
    await expect.poll(answer).toBe('CREDENTIAL_INVALID')
  }, 60_000)

  it('offer a viewer nothing to do [DASH-15]', async () => {
    const page = await browser.signedIn(at('policies'), stage.keys.vic)
    for (const section of ['policies', 'grants', 'stops', 'members', 'escalations'] as const) {
      await page.goto(at(section))
      await headed(page, SECTIONS[section])
      await expect.poll(() => page.getByText('Reading…').count()).toBe(0)
      expect(await page.getByRole('main').getByRole('button').allTextContents(), section).toEqual([])
    }
    for (const section of ['notifications', 'keys'] as const) {
      await page.goto(at(section))
      await page.getByText('Only administrators see this.').waitFor()
      expect(await page.getByRole('main').getByRole('button').count()).toBe(0)
    }
  }, 60_000)
})

const codeOf = (error: unknown): string => String(Reflect.get(Object(error), 'code'))
