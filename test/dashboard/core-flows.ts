import type { ControlScope, JsonObject } from '@preceptor/client'
import { expect, it } from 'vitest'
import type { TestBrowser } from './browser.ts'
import type { Hosted } from './host/hosted.ts'

const WAIT = { timeout: 30_000 }

/** What a flow is tried on. */
export interface FlowStage {
  readonly hosted: Hosted
  readonly browser: TestBrowser
}

/** An attempt of an intern, and where its proposal is. */
async function propose(clerk: ControlScope, args: JsonObject, key: string): Promise<string> {
  const decision = await clerk.decide({ agent: 'clerk', action: 'refund.create', args, idempotencyKey: key })
  if (decision.route !== 'proposal') throw new Error(`${decision.route}: ${decision.reason}`)
  return decision.proposal.id
}

/** Deciding on what an intern wants, by pointer. */
export function decidingFlows({ hosted, browser }: FlowStage): void {
  it('approves with an edit: what was edited runs, once [DASH-1]', async () => {
    const id = await propose(hosted.as('clerk'), { cents: 900, to: 'cus_1' }, 'edit-1')
    const page = await browser.signedIn(`${hosted.desk}/inbox/${id}`, hosted.keys.ana)
    await page.getByRole('button', { name: 'Edit' }).click()
    const form = page.getByRole('form')
    await form.getByLabel('cents').fill('500')
    await form.getByRole('button', { name: 'Review the changes' }).click()
    await form.getByRole('button', { name: 'Approve' }).click()
    const state = async (): Promise<string> => (await hosted.as('ana').proposals.get(id)).state
    await expect.poll(state, WAIT).toBe('succeeded')
    expect(hosted.effects.filter(({ args }) => args.to === 'cus_1').map(({ args }) => args)).toEqual([
      { cents: 500, to: 'cus_1' },
    ])
    await page.getByText('It ran and succeeded').waitFor()
  })

  it('rejects: nothing runs, and the agent is told why [DASH-1]', async () => {
    const id = await propose(hosted.as('clerk'), { cents: 77, to: 'cus_2' }, 'reject-1')
    const page = await browser.signedIn(`${hosted.desk}/inbox/${id}`, hosted.keys.ana)
    await page.getByRole('button', { name: 'Reject' }).click()
    const form = page.getByRole('form')
    await form.getByLabel('Not allowed').check()
    await form.getByRole('textbox').fill('Not without a receipt.')
    await form.getByRole('button', { name: 'Reject' }).click()
    await page.getByText('Rejected by ana').waitFor()
    const again = await hosted.as('clerk').decide({
      agent: 'clerk',
      action: 'refund.create',
      args: { cents: 77, to: 'cus_2' },
      idempotencyKey: 'reject-1',
    })
    expect(JSON.stringify(again)).toContain('Not without a receipt.')
    expect(hosted.effects.filter(({ args }) => args.to === 'cus_2')).toEqual([])
  })
}

/** A server that dies and comes back while a page is open. */
export function reconnectingFlow({ hosted, browser }: FlowStage): void {
  it('says that the server is away, and goes on where it was once it is back, without a reload [DASH-10]', async () => {
    browser.expecting(/net::ERR_(?:CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET|EMPTY_RESPONSE)/)
    const page = await browser.signedIn(`${hosted.desk}/inbox`, hosted.keys.ana)
    await page.getByText('● live').waitFor()
    await hosted.kill()
    await page.getByText(/Reconnecting… showing data from/).waitFor(WAIT)
    await hosted.restart()
    await page.getByText('● live').waitFor(WAIT)
    expect(await page.getByText(/Reconnecting…/).count()).toBe(0)
    const id = await propose(hosted.as('clerk'), { cents: 5, to: 'cus_3' }, 'after-1')
    const link = page.getByRole('link', { name: /cus_3/ })
    const look = async (): Promise<number> => {
      const pill = page.getByRole('button', { name: /new ↑/ })
      if ((await pill.count()) > 0) await pill.click().catch(() => undefined)
      return link.count()
    }
    await expect.poll(look, WAIT).toBe(1)
    await link.click()
    await page.getByRole('heading', { level: 2 }).waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByRole('form').waitFor()
    await page.keyboard.press('Control+Enter')
    const state = async (): Promise<string> => (await hosted.as('ana').proposals.get(id)).state
    await expect.poll(state, WAIT).toBe('succeeded')
    expect(hosted.effects.filter(({ args }) => args.to === 'cus_3')).toHaveLength(1)
  }, 120_000)
}
