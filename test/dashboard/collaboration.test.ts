import { type OrchestrationOperations, orchestration } from '@preceptor/orchestration'
import { describeWithChromium } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { useBrowser } from './browser.ts'
import { expectInOrder, LOOKS, visit } from './routes.ts'
import { useStage } from './stage.ts'
import { HOSTILE } from './workflow-records.ts'

describeWithChromium('collaboration in the dashboard', () => {
  const stage = useStage()
  const browser = useBrowser()
  let session = ''
  const at = (path: string): string => `${stage.mounts.deep}/${path}`
  const parts = (): OrchestrationOperations => stage.test.admin.plugin(orchestration)

  /** Three people and an agent that is never called, a vote, messages, a shared context and a delegation. */
  async function makeSession(): Promise<string> {
    const { collaborations, delegations } = parts()
    const { id } = await collaborations.create({
      mode: 'consensus',
      task: `Which answer goes out? ${HOSTILE}`,
      context: { tone: HOSTILE },
      members: [
        { kind: 'agent', id: 'billing-bot' },
        { kind: 'user', id: 'ana' },
        { kind: 'user', id: 'ben' },
      ],
      consensus: { options: ['the short one', 'the long one'], quorum: 2 },
    })
    await collaborations.execute(id)
    const ben = stage.ben.plugin(orchestration)
    await ben.collaborations.send(id, HOSTILE)
    await collaborations.putContext(id, { base: 1, value: { tone: 'plain' } })
    await delegations.create({ collaboration: id, to: 'user:ben', task: 'Read both.' })
    const [vote] = (await ben.consensus.list({ collaboration: id })).items
    await ben.consensus.vote(vote?.id ?? '', { option: 'the short one', reason: HOSTILE })
    return id
  }

  it('teaches where nobody works together, and makes a collaboration [DASH-14]', { timeout: 90_000 }, async () => {
    const page = await browser.signedIn(at('collab'), stage.keys.ana)
    await page.getByText('Nobody works together yet').waitFor()
    await expectInOrder(page, 'the empty list')
    await page.getByRole('button', { name: 'New collaboration' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/Task/).fill('Write a letter.')
    await dialog.getByLabel(/Members/).fill('nobody')
    await dialog.getByText('This names no member: nobody').waitFor()
    await dialog.getByLabel(/Members/).fill('agent:billing-bot note.write\nuser:ana')
    await page.keyboard.press('Control+Enter')
    await page.waitForURL('**/collab/col_*')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByLabel(/Reason/).fill('It was only a try.')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('main').getByRole('status').getByText('Cancelled').waitFor()
    session = await makeSession()
  })

  it.each(LOOKS)('is in order in every part in %s [DASH-14]', { timeout: 120_000 }, async (_, look) => {
    const page = await browser.signedIn(at('collab'), stage.keys.ana, { ...look, reducedMotion: 'reduce' })
    await page.getByRole('region', { name: 'A vote waits for you' }).waitFor()
    await expectInOrder(page, 'the list')
    await visit(page, at(`collab/${session}`))
    await page.getByRole('form', { name: 'Your vote' }).waitFor()
    await expectInOrder(page, 'the session')
    expect(await page.getByRole('main').textContent()).toContain(HOSTILE.replace('\u202e', '\\u202e'))
  })

  it('lets a member vote once, by keyboard, and shows what came of it [DASH-14]', { timeout: 90_000 }, async () => {
    const page = await browser.signedIn(at(`collab/${session}`), stage.keys.ana)
    const form = page.getByRole('form', { name: 'Your vote' })
    await form.getByRole('radio', { name: 'the short one' }).press('Space')
    await form.getByLabel('Reason').fill('It says enough.')
    await page.keyboard.press('Enter')
    await form.waitFor({ state: 'detached' })
    await page.getByText('It says enough.').waitFor()
    const { consensus } = parts()
    const [vote] = (await consensus.list({ collaboration: session })).items
    expect((await consensus.get(vote?.id ?? '')).votes.map(({ member, option }) => [member, option])).toEqual([
      ['user:ben', 'the short one'],
      ['user:ana', 'the short one'],
    ])
  })

  it('shows a viewer the course, and offers nothing [DASH-14]', { timeout: 60_000 }, async () => {
    const page = await browser.signedIn(at(`collab/${session}`), stage.keys.vic)
    await page.getByRole('heading', { name: 'Votes' }).waitFor()
    expect(
      await page
        .getByRole('main')
        .getByRole('button', { name: /Cancel|Open a vote|Delegate|Change|Send|Vote/ })
        .count(),
    ).toBe(0)
  })
})
