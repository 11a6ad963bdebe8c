import type { ControlScope, JsonObject } from '@preceptor/client'
import { expect, it } from 'vitest'
import { violations } from '../axe.ts'
import type { FlowStage } from './person.ts'

/** A busy machine takes its time. */
export const WAIT = { timeout: 30_000 }

/** An attempt of an intern, and where its proposal is. */
export async function propose(clerk: ControlScope, args: JsonObject, key: string): Promise<string> {
  const decision = await clerk.decide({ agent: 'clerk', action: 'refund.create', args, idempotencyKey: key })
  if (decision.route !== 'proposal') throw new Error(`${decision.route}: ${decision.reason}`)
  return decision.proposal.id
}

/** Deciding on what an intern wants, from the inbox on. */
export function decidingFlows({ hosted, comes }: FlowStage): void {
  const effectsFor = (to: string): JsonObject[] =>
    hosted.effects.filter(({ args }) => args.to === to).map(({ args }) => args)

  it('approves with an edit: what was edited runs, once [DASH-1, I-29]', async () => {
    const id = await propose(hosted.as('clerk'), { cents: 900, to: 'cus_1' }, 'edit-1')
    const ana = await comes('ana')
    const { page } = ana
    await ana.open(page.getByRole('link', { name: /cus_1/ }))
    await ana.press(page.getByRole('button', { name: 'Edit' }), 'e')
    const form = page.getByRole('form')
    await ana.write(form.getByLabel('cents'), '500')
    await ana.press(form.getByRole('button', { name: 'Review the changes' }), 'Control+Enter')
    await form.getByText('900').waitFor()
    expect(await violations(page)).toEqual([])
    await ana.press(form.getByRole('button', { name: 'Approve' }), 'Control+Enter')
    const state = async (): Promise<string> => (await hosted.as('ana').proposals.get(id)).state
    await expect.poll(state, WAIT).toBe('succeeded')
    expect(effectsFor('cus_1')).toEqual([{ cents: 500, to: 'cus_1' }])
    await page.getByText('It ran and succeeded').waitFor()
  })

  it('rejects: nothing runs, and the agent is told why [DASH-1]', async () => {
    const args = { cents: 77, to: 'cus_2' }
    await propose(hosted.as('clerk'), args, 'reject-1')
    const ana = await comes('ana')
    const { page } = ana
    await ana.open(page.getByRole('link', { name: /cus_2/ }))
    await ana.press(page.getByRole('button', { name: 'Reject' }), 'r')
    const form = page.getByRole('form')
    await ana.choose(form.getByLabel('Not allowed'))
    await ana.write(form.getByRole('textbox'), 'Not without a receipt.')
    expect(await violations(page)).toEqual([])
    await ana.press(form.getByRole('button', { name: 'Reject' }), 'Control+Enter')
    await page.getByText('Rejected by ana').waitFor()
    const attempt = { agent: 'clerk', action: 'refund.create', args, idempotencyKey: 'reject-1' }
    const again = await hosted.as('clerk').decide(attempt)
    expect(JSON.stringify(again)).toContain('Not without a receipt.')
    expect(effectsFor('cus_2')).toEqual([])
  })
}
