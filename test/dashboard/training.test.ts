import type { Scenario, TrainingSession } from '@preceptor/client'
import { describeWithChromium } from '@preceptor/test-setup'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { wideElements } from './routes.ts'
import { useStage } from './stage.ts'

const HOSTILE = '<img src=x onerror="document.title=1"><b>bold</b>\u202egnp.exe'
const SHOWN = '<img src=x onerror="document.title=1"><b>bold</b>\\u202egnp.exe'

const SCENARIOS: readonly Scenario[] = [
  {
    id: 'refund.limit',
    version: 1,
    topic: 'limits',
    capability: 'refund',
    task: `Decide. ${HOSTILE}`,
    input: { cents: 9_000, note: HOSTILE },
    grader: { kind: 'exact', expected: { decision: 'ask' } },
    weight: 1,
  },
  {
    id: 'refund.sum',
    version: 1,
    topic: 'amounts',
    capability: 'refund',
    task: 'Add up: {"cents": <number>}.',
    input: { items: [100, 250] },
    grader: { kind: 'numeric', at: '/cents', expected: 350, tolerance: 0 },
    weight: 3,
  },
  {
    id: 'note.letter',
    version: 1,
    topic: 'letters',
    capability: 'note',
    task: 'Write to the customer.',
    input: { customer: 'Mr Adeyemi' },
    grader: { kind: 'human', instructions: 'Is it polite?' },
    weight: 1,
  },
]

describeWithChromium('training in the dashboard', () => {
  const stage = useStage({ scenarios: SCENARIOS })
  const browser = useBrowser()
  let pupils = 0
  const open = (path: string, key: string, options = {}): Promise<Page> =>
    browser.signedIn(`${stage.mounts.deep}${path}`, key, { reducedMotion: 'reduce', ...options })

  /** A student that was blocked; gives its id and that of the course. */
  const block = async (action = 'refund.create'): Promise<{ readonly agent: string; readonly course: string }> => {
    pupils += 1
    const agent = `pupil-${pupils}`
    await stage.test.admin.agents.register({ id: agent, ownerId: 'lee', confidence: 4_500 })
    const args = action === 'note.write' ? { text: HOSTILE } : { amountCents: 5, to: HOSTILE }
    const decision = await stage.test.agent(agent).decide({ agent, action, args, idempotencyKey: 'k1' })
    if (decision.route !== 'training') throw new Error(`${decision.route}: ${decision.reason}`)
    return { agent, course: decision.trainingProposal.id }
  }
  const sessionOf = async (course: string): Promise<TrainingSession> => {
    const { sessionId } = await stage.test.admin.trainingProposals.get(course)
    return stage.test.admin.trainingSessions.get(sessionId ?? '')
  }
  const levelOf = async (agent: string): Promise<string> => (await stage.test.admin.agents.get(agent)).maturity

  it('brings a student to the next level by pointer, with answers entered by hand [DASH-13]', async () => {
    const { agent, course } = await block()
    const page = await open('/training', stage.keys.ana)
    await page.waitForURL('**/training/proposals')
    const card = page.getByRole('article').filter({ hasText: agent })
    await card.getByText('refund', { exact: true }).waitFor()
    await card.getByRole('button', { name: 'Approve' }).click()
    await page.getByLabel('Hours', { exact: true }).fill('0')
    await page.getByText('A number above 0, at most 400.').waitFor()
    await page.getByLabel('Hours', { exact: true }).fill('2,5')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Approve/ })
      .click()
    await page.waitForURL('**/training/sessions/trs_*')
    expect(await sessionOf(course)).toMatchObject({ state: 'scheduled', durationHours: 2.5, approvedBy: 'user:ana' })
    await page.getByText('Answers are entered once the session is started.').waitFor()
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByLabel('Answer by hand').fill('{"decision": "ask"}')
    await page.getByRole('button', { name: 'Save the answer' }).click()
    await page.getByRole('heading', { name: /Scenario 2 of 2/ }).waitFor()
    const finish = page.getByRole('region', { name: 'What it comes to' })
    await finish.getByText('1.00 → +0.20: 0.45 → 0.65').waitFor()
    await finish.getByText('1 scenario has no score yet').waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('The session is paused').waitFor()
    expect(await page.getByLabel('Answer by hand').count()).toBe(0)
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByLabel('Answer by hand').fill('{"cents": 350}')
    await page.getByRole('button', { name: 'Save the answer' }).click()
    await finish.getByText('Promoted: Student → Intern').waitFor()
    expect(await sessionOf(course)).toMatchObject({ state: 'completed', score: 1, maturityAfter: 'intern' })
    expect(await levelOf(agent)).toBe('intern')
    await finish.getByRole('link', { name: 'To the blocked triggers' }).click()
    await page.getByText('Offered again').last().waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Try again/ })
      .click()
    await page.getByText('Tried again: proposal.').waitFor()
    expect((await stage.test.admin.proposals.list({ agent, state: 'pending' })).items).toHaveLength(1)
  })

  it('brings one there by keyboard alone, where the agent answers and a person scores [DASH-13]', async () => {
    const { agent, course } = await block('note.write')
    stage.test.governor.registerTrainee({ workspace: 'default', agent }, () => ({ letter: HOSTILE }))
    const page = await open(`/training/proposals/${course}`, stage.keys.ben)
    await page.getByRole('article').waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByRole('dialog').waitFor()
    expect((await stage.test.admin.trainingProposals.get(course)).state).toBe('proposed')
    await page.keyboard.press('Control+Enter')
    await page.waitForURL('**/training/sessions/trs_*')
    await page.getByText('waits for your score').first().waitFor({ timeout: 60_000 })
    await page.getByRole('region', { name: 'Answer of the agent' }).getByText('<b>bold</b>\\u202egnp.exe').waitFor()
    for (const key of ['3', '1']) await page.keyboard.press(key)
    expect(await page.getByLabel('Exactly, 0 to 1').inputValue()).toBe('1')
    expect(await sessionOf(course)).toMatchObject({ state: 'in_progress' })
    await page.keyboard.press('c')
    await page.keyboard.type('Polite, 1 2 3.')
    expect(await page.getByLabel('Exactly, 0 to 1').inputValue()).toBe('1')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Promoted: Student → Intern').waitFor()
    expect(await sessionOf(course)).toMatchObject({ state: 'completed', scoredBy: ['user:ben'] })
    expect(await levelOf(agent)).toBe('intern')
  }, 90_000)

  it('is rejected with a reason, and a session cancelled, or completed by a typed score [DASH-13]', async () => {
    const first = await block()
    const page = await open(`/training/proposals/${first.course}`, stage.keys.ana)
    await page.getByRole('article').waitFor()
    await page.keyboard.press('r')
    await page.getByLabel(/Reason/).fill('Not worth it.')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Not worth it.').waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Approve' }).count()).toBe(0)
    const [second, third] = [await block(), await block()]
    for (const { course } of [second, third]) await stage.ben.trainingProposals.approve(course)
    await page.goto(`${stage.mounts.deep}/training/sessions/${(await sessionOf(second.course)).id}`)
    await page.getByRole('button', { name: 'Cancel the session' }).click()
    await page.getByLabel(/Reason/).fill('It was replaced.')
    await page.keyboard.press('Control+Enter')
    await page.getByText('It was replaced.').waitFor()
    const { id } = await sessionOf(third.course)
    await page.goto(`${stage.mounts.deep}/training/sessions/${id}`)
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByRole('button', { name: 'Type a score' }).click()
    await page.getByLabel(/^Score, 0 to 1/).fill('0.4')
    await page.getByLabel(/Reason/).fill('It guessed.')
    await page.keyboard.press('Control+Enter')
    await page.getByText('typed by a person').waitFor()
    await page.getByText('Its level stays Student.').waitFor()
    expect(await sessionOf(third.course)).toMatchObject({ state: 'completed', typed: true, score: 0.4 })
    await page.goto(`${stage.mounts.deep}/training/sessions?state=completed`)
    await page.getByText('stays Student').first().waitFor()
  })

  it('is told that somebody else was first [DASH-13]', async () => {
    const { course, agent } = await block()
    const page = await open(`/training/proposals/${course}`, stage.keys.ana)
    await page.getByRole('button', { name: 'Approve' }).click()
    await stage.ben.trainingProposals.reject(course, 'I was first.')
    await page.keyboard.press('Control+Enter')
    await page.getByText('CONFLICT').or(page.getByText('I was first.')).first().waitFor()
    await page.goto(`${stage.mounts.deep}/training/proposals?state=rejected&agent=${agent}`)
    await page.getByText('I was first.').waitFor()
  })

  it('imports scenarios, and says precisely what is wrong with them first [DASH-13]', async () => {
    const page = await open('/training/scenarios', stage.keys.ada)
    await page.getByText('refund.limit').waitFor()
    expect(await page.locator('main img, main b').count()).toBe(0)
    await page.getByRole('button', { name: 'Import scenarios' }).click()
    const text = page.getByLabel('Scenarios as JSON')
    await text.fill('[\n  {"id": }\n]')
    await page.getByText('Line 2, column 10').waitFor()
    const [scenario] = SCENARIOS
    await text.fill(JSON.stringify([{ ...scenario, id: 'new.one', weight: 50, grader: { kind: 'guess' } }]))
    await page.getByText('[0].weight').waitFor()
    await page.getByText('[0].grader.kind').waitFor()
    const condition = { kind: 'cel', condition: 'args.answer ==' }
    await text.fill(JSON.stringify([{ ...scenario, id: 'new.one', grader: condition }]))
    await page.getByText('1 scenario is ready').waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByRole('dialog').getByRole('alert').waitFor()
    await text.fill(JSON.stringify({ ...scenario, id: 'new.one' }))
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Import/ })
      .click()
    await page.getByText('1 scenario is imported.').waitFor()
    await page.getByText('new.one').waitFor()
  })

  it.each(['light', 'dark'] as const)(
    'has no violation that axe knows in %s, and offers nothing to who only reads [DASH-5]',
    async (colorScheme) => {
      const { course } = await block()
      const other = await block()
      await stage.ben.trainingProposals.approve(other.course)
      const { id } = await sessionOf(other.course)
      await stage.ben.trainingSessions.start(id)
      const paths = ['proposals', `proposals/${course}`, 'sessions', `sessions/${id}`, 'blocked', 'scenarios']
      const person = await open('/training/proposals', stage.keys.ana, { colorScheme })
      const reader = await open('/training/proposals', stage.keys.vic, { colorScheme })
      for (const path of paths) {
        for (const page of [person, reader]) {
          await page.goto(`${stage.mounts.deep}/training/${path}`)
          await page.getByRole('heading', { level: 1 }).waitFor()
          await page.getByText('Reading…').waitFor({ state: 'detached' })
          expect(await violations(page), path).toEqual([])
        }
        for (const name of ['Approve', 'Reject', 'Design anew', 'Pause', 'Save the answer', 'Try again']) {
          expect(await reader.getByRole('button', { name }).count(), `${path} ${name}`).toBe(0)
        }
      }
      await reader.getByText('only those who supervise read them').waitFor()
    },
    90_000,
  )

  it('fits on a phone, and shows what somebody else wrote as text [DASH-6]', async () => {
    const { course } = await block()
    await stage.ben.trainingProposals.approve(course)
    const { id } = await sessionOf(course)
    const page = await open('/training/proposals', stage.keys.ana, { viewport: { width: 360, height: 740 } })
    for (const path of ['proposals', `proposals/${course}`, 'sessions', `sessions/${id}`, 'blocked', 'scenarios']) {
      await page.goto(`${stage.mounts.deep}/training/${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.getByText('Reading…').waitFor({ state: 'detached' })
      expect(await wideElements(page), path).toEqual([])
      expect(await page.locator('main img, main b, main script').count()).toBe(0)
    }
    await page.goto(`${stage.mounts.deep}/training/sessions/${id}`)
    await page.getByText(`Decide. ${SHOWN}`).waitFor()
    expect(await page.title()).toBe('Preceptor')
  })

  it('says how it is filled where it is empty', async () => {
    const page = await open('/training/sessions?state=failed', stage.keys.ana)
    await page.getByText('No session is there').waitFor()
    await page.goto(`${stage.mounts.deep}/training/blocked?agent=nobody`)
    await page.getByText('Nothing is blocked').waitFor()
    await page.goto(`${stage.mounts.deep}/training/proposals?agent=nobody`)
    await page.getByText('No course waits for a decision').waitFor()
  })
})
