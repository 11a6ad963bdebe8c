import type { GuardCall, GuardResult, Trigger } from '@preceptor/client'
import { expect, it } from 'vitest'
import { violations } from '../axe.ts'
import type { Hosted } from '../host/hosted.ts'
import { WAIT } from './deciding.ts'
import type { FlowStage, Person } from './person.ts'

const AGENT = 'courier'
const ACTION = 'parcel.send'
const MINUTES = { timeout: 120_000 }

/** An agent that needs nobody, and runs what it does itself: here. */
interface Courier {
  /** Effects that it has had. */
  sent(to: string): number
  send(to: string, work?: (call: GuardCall) => unknown): Promise<GuardResult<unknown>>
  /** Attempts it while it must not be: nothing comes of that but its code. */
  expectHeldUp(to: string, code: string): Promise<void>
}

function courierOf(hosted: Hosted): Courier {
  const sent = (to: string): number => hosted.effects.filter(({ args }) => args.to === to).length
  const triggerOf = (to: string): Trigger => ({ agent: AGENT, action: ACTION, args: { count: 1, to } })
  const send: Courier['send'] = (to, work) => {
    const result = hosted.as(AGENT).guard(triggerOf(to), async (call) => {
      const { args, idempotencyKey } = call
      await hosted.act({ action: ACTION, args, idempotencyKey })
      await work?.(call)
    })
    result.catch(() => undefined)
    return result
  }
  return {
    sent,
    send,
    async expectHeldUp(to, code) {
      const before = sent(to)
      expect(await send(to)).toMatchObject({ status: 'withheld', decision: { route: 'denied', code } })
      expect(await hosted.as(AGENT).decide(triggerOf(to))).toMatchObject({ route: 'denied', code })
      expect(sent(to)).toBe(before)
    },
  }
}

/** What holds up an agent, and what lets it go on. */
export function stoppingFlows({ hosted, comes }: FlowStage): void {
  const courier = courierOf(hosted)

  it('stops an agent: what runs is told, nothing begins, until it is brought back [DASH-1]', MINUTES, async () => {
    const ana = await comes('ana')
    const { page } = ana
    await ana.goTo('Agents')
    await ana.open(page.getByRole('link', { name: AGENT, exact: true }))
    const under = courier.send('cus_30', async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      signal.throwIfAborted()
    })
    await expect.poll(() => courier.sent('cus_30'), WAIT).toBe(1)
    await ana.press(page.getByRole('button', { name: 'More…' }))
    await ana.press(page.getByRole('button', { name: 'Stop', exact: true }))
    await confirm(ana, 'Stop courier?', { reason: 'It goes to wrong doors.', does: /^Stop/ })
    await page.getByText('Stopped: nothing that it asks for runs').waitFor()
    await page.getByText('It goes to wrong doors.').first().waitFor()
    expect((await hosted.as('ana').agents.get(AGENT)).lifecycle).toBe('stopped')
    await expect(under).rejects.toMatchObject({ code: 'AGENT_STOPPED' })
    await courier.expectHeldUp('cus_30', 'AGENT_STOPPED')
    // Who stops need not be who may bring back.
    expect(await page.getByRole('button', { name: 'Resume' }).count()).toBe(0)

    const ada = await comes('ada', `/agents/${AGENT}/journey`)
    await ada.press(ada.page.getByRole('button', { name: 'Resume' }))
    await confirm(ada, 'Resume courier?', { reason: 'It has a new map.', does: /^Resume/ })
    await page.getByText('Stopped: nothing that it asks for runs').waitFor({ state: 'detached', ...WAIT })
    expect((await hosted.as('ana').agents.get(AGENT)).lifecycle).toBe('active')
    expect(await courier.send('cus_30')).toMatchObject({ status: 'executed' })
    expect(courier.sent('cus_30')).toBe(2)
  })

  it('stops the whole workspace in an emergency, until the stop is lifted [DASH-1]', MINUTES, async () => {
    expect(await courier.send('cus_31')).toMatchObject({ status: 'executed' })
    const ana = await comes('ana')
    await openStops(ana)
    await ana.press(ana.page.getByRole('button', { name: 'Set a stop' }))
    await ana.choose(ana.page.getByRole('dialog').getByLabel('The whole workspace'))
    await confirm(ana, 'Stop what?', { reason: 'Something is wrong.', does: /^Stop/ })
    const row = (person: Person) => person.page.getByRole('row').filter({ hasText: 'The whole workspace' })
    await row(ana).getByText('set', { exact: true }).waitFor()
    await courier.expectHeldUp('cus_31', 'STOPPED')
    expect((await hosted.as('ana').stops.list()).items).toMatchObject([
      { target: 'workspace', setBy: 'user:ana', reason: 'Something is wrong.', liftedAt: null },
    ])

    const ada = await comes('ada')
    await openStops(ada)
    await ada.press(row(ada).getByRole('button', { name: 'Lift' }))
    await confirm(ada, 'Lift this stop?', { reason: 'It was a drill.', does: /^Lift/ })
    await row(ada).getByText('lifted', { exact: true }).waitFor()
    await row(ana).getByText('lifted', { exact: true }).waitFor(WAIT)
    expect(await courier.send('cus_31')).toMatchObject({ status: 'executed' })
    expect(courier.sent('cus_31')).toBe(2)
  })
}

async function openStops(person: Person): Promise<void> {
  await person.goTo('Settings')
  await person.press(person.page.getByRole('link', { name: 'Stops and bypasses' }))
}

interface Confirmation {
  readonly reason: string
  readonly does: RegExp
}

/** Gives the reason that a dialog asks for, and confirms. */
async function confirm(person: Person, title: string, { reason, does }: Confirmation): Promise<void> {
  const ask = person.page.getByRole('dialog', { name: title })
  await person.write(ask.getByRole('textbox', { name: /Reason/ }), reason)
  expect(await violations(person.page)).toEqual([])
  await person.press(ask.getByRole('button', { name: does }), 'Control+Enter')
  await ask.waitFor({ state: 'detached' })
}
