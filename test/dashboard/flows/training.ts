import type { ControlScope, Decision } from '@preceptor/client'
import { expect, it } from 'vitest'
import { violations } from '../axe.ts'
import { WAIT } from './deciding.ts'
import type { FlowStage } from './person.ts'

const ANSWERED = { timeout: 60_000 }

function attempt(pupil: ControlScope, key: string): Promise<Decision> {
  const args = { cents: 350, to: 'cus_20' }
  return pupil.decide({ agent: 'pupil', action: 'refund.create', args, idempotencyKey: key })
}

/** From what a student may not do to its promotion. */
export function trainingFlow({ hosted, comes }: FlowStage): void {
  it('trains a student that was blocked until it is promoted [DASH-1]', { timeout: 150_000 }, async () => {
    const blocked = await attempt(hosted.as('pupil'), 'pupil-1')
    if (blocked.route !== 'training') throw new Error(`${blocked.route}: ${blocked.reason}`)
    const course = blocked.trainingProposal.id
    const ana = await comes('ana')
    const { page } = ana
    await ana.goTo('Training')
    await ana.open(page.getByRole('article').getByRole('heading').getByRole('link'))
    await page.waitForURL(`**/training/proposals/${course}`)
    // The list, which stands until the page has come, has the same button without its key.
    await page.getByRole('article').locator('.button-hint').first().waitFor()
    await ana.press(page.getByRole('button', { name: 'Approve' }), 'Control+Enter')
    const ask = page.getByRole('dialog', { name: 'Approve the course of pupil?' })
    await ask.waitFor()
    expect(await violations(page)).toEqual([])
    await ana.press(ask.getByRole('button', { name: 'Approve' }), 'Control+Enter')
    await page.waitForURL('**/training/sessions/trs_*')

    // The agent answers where the worker is; the graders score two of three, and leave the last one to a person.
    await page.getByText('waits for your score').first().waitFor(ANSWERED)
    const answer = page.getByRole('region', { name: 'Answer of the agent' })
    await answer.getByText('Dear Mr Adeyemi').waitFor()
    const { sessionId } = await hosted.as('ana').trainingProposals.get(course)
    const session = () => hosted.as('ana').trainingSessions.get(sessionId ?? '')
    expect(await session()).toMatchObject({ state: 'in_progress', approvedBy: 'user:ana' })
    await ana.choose(answer.getByLabel('Pass (1)'))
    await ana.write(answer.getByLabel('Feedback'), 'Polite, and it is true.')
    expect(await violations(page)).toEqual([])
    expect((await hosted.as('ana').agents.get('pupil')).maturity).toBe('student')
    await ana.press(answer.getByRole('button', { name: 'Save and next' }), 'Control+Enter')
    await page.getByText('Promoted: Student → Intern').waitFor(WAIT)
    expect(await session()).toMatchObject({
      state: 'completed',
      score: 1,
      typed: false,
      scoredBy: ['user:ana'],
      maturityAfter: 'intern',
    })
    expect((await hosted.as('ana').agents.get('pupil')).maturity).toBe('intern')

    await ana.goTo('Agents')
    const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'pupil', exact: true }) })
    await row.getByText(/Intern$/).waitFor()
    expect((await attempt(hosted.as('pupil'), 'pupil-2')).route).toBe('proposal')
    expect(hosted.effects.filter(({ args }) => args.to === 'cus_20')).toEqual([])
  })
}
