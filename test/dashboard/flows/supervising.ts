import type { GuardCall, GuardResult, JsonObject, SupervisionSessionDetail } from '@preceptor/client'
import type { Locator, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { violations } from '../axe.ts'
import type { Hosted } from '../host/hosted.ts'
import { gate } from '../supervised-run.ts'
import { WAIT } from './deciding.ts'
import type { FlowStage, Person } from './person.ts'

const AGENT = 'watched'
const ACTION = 'parcel.send'
const MINUTES = { timeout: 150_000 }

/** A supervised run of the agent, whose steps run in the process of the agent: here. */
interface Run {
  /** Attempts a step; what it does it does by `send`. */
  step(args: JsonObject, work: (call: GuardCall, send: () => Promise<void>) => unknown): Promise<GuardResult<unknown>>
  session(): Promise<SupervisionSessionDetail>
}

function runOf(hosted: Hosted, run: string): Run {
  const agent = hosted.as(AGENT)
  return {
    step(attempted, work) {
      const result = agent.guard({ agent: AGENT, action: ACTION, args: attempted, run }, (call) => {
        const { args, idempotencyKey } = call
        return work(call, () => hosted.act({ action: ACTION, args, idempotencyKey }))
      })
      result.catch(() => undefined)
      return result
    },
    async session() {
      const { items } = await hosted.as('ana').sessions.list({ agent: AGENT })
      const session = items.find((item) => item.run === run)
      if (session === undefined) throw new Error('The run has no session yet.')
      return hosted.as('ana').sessions.get(session.id)
    },
  }
}

const badge = (page: Page, text: string): Locator => page.locator('.session-head .badge', { hasText: text })
const steer = (page: Page, name: string): Locator =>
  page.getByRole('region', { name: 'Steer this run' }).getByRole('button', { name, exact: true })

/** Args of what went to an address, in order. */
function sentTo({ effects }: Hosted, to: string): JsonObject[] {
  return effects.filter(({ args }) => args.to === to).map(({ args }) => args)
}

/** Watching what a supervised agent does, from the board on. */
export function supervisingFlows(stage: FlowStage): void {
  it('supervises: comes online, pauses a run, corrects it, and lets it go on [DASH-1]', MINUTES, async () => {
    const { hosted } = stage
    const ana = await comeToWatch(stage)
    const run = runOf(hosted, 'order-1')
    const [held, heard]: [ReturnType<typeof gate>, string[]] = [gate(), []]
    const order = { count: 9, to: 'cus_10' }
    const first = run.step(order, async ({ emit, checkpoint }, send) => {
      await send()
      emit({ kind: 'progress', value: 0.5, message: 'half of it' })
      await held.passed
      heard.push(...(await checkpoint()).guidance)
      await send()
    })
    await openRun(ana)
    await ana.page.getByText('50 %').first().waitFor(WAIT)
    await pauseUnderWay(ana, run, held.open)
    await saySomething(ana, 'Take the smaller box.')
    expect(await run.session()).toMatchObject({ state: 'paused' })
    expect(heard).toEqual([])
    expect(sentTo(hosted, 'cus_10')).toEqual([order])
    await ana.press(steer(ana.page, 'Resume'), 'Space')
    expect(await first).toMatchObject({ status: 'executed' })
    expect(heard).toEqual(['Take the smaller box.'])
    expect(sentTo(hosted, 'cus_10')).toEqual([order, order])
    await badge(ana.page, 'Running').waitFor()

    await correctArgs(ana, run)
    expect(sentTo(hosted, 'cus_11')).toEqual([{ count: 2, to: 'cus_11' }])
    await hosted.as(AGENT).finish('order-1', { agent: AGENT, status: 'completed' })
    await badge(ana.page, 'Completed').waitFor(WAIT)
    const { interventions } = await run.session()
    expect(interventions.map(({ type }) => type).reverse()).toEqual(TYPES)
  })

  it('terminates a run: what is under way is told, and nothing of it runs after that [DASH-1]', MINUTES, async () => {
    const { hosted } = stage
    const run = runOf(hosted, 'order-2')
    const ana = await stage.comes('ana', '/live')
    const order = { count: 3, to: 'cus_12' }
    const first = run.step(order, async ({ signal }, send) => {
      await send()
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      signal.throwIfAborted()
      await send()
    })
    await openRun(ana)
    await expect.poll(() => sentTo(hosted, 'cus_12'), WAIT).toEqual([order])
    await terminate(ana, run, 'It is the wrong house.')
    await expect(first).rejects.toMatchObject({ code: 'RUN_TERMINATED' })
    expect(await run.session()).toMatchObject({ state: 'terminated', endReason: 'It is the wrong house.' })
    const next = await run.step(order, (_, send) => send())
    expect(next).toMatchObject({ status: 'withheld', decision: { route: 'denied', code: 'RUN_TERMINATED' } })
    expect(sentTo(hosted, 'cus_12')).toEqual([order])
  })
}

const TYPES = ['pause', 'correct', 'resume', 'pause', 'correct', 'resume']

/** Comes online where nobody was. */
async function comeToWatch({ hosted, comes }: FlowStage): Promise<Person> {
  const presence = hosted.as('ana').presence
  await presence.override('ana', { state: 'offline' })
  expect(await presence.available()).toEqual([])
  const ana = await comes('ana')
  const { page } = ana
  await ana.goTo('Live')
  const online = page.getByRole('region', { name: 'Supervisors online' })
  await online.getByText('Nobody who may supervise is online').waitFor()
  await ana.press(page.getByRole('button', { name: 'Availability: Offline' }))
  const dialog = page.getByRole('dialog', { name: 'Your availability' })
  await ana.choose(dialog.getByLabel('Online'))
  await ana.press(dialog.getByRole('button', { name: 'Set' }), 'Control+Enter')
  await page.getByRole('button', { name: 'Availability: Online' }).waitFor()
  await online.getByText('ana (you)').waitFor()
  expect(await presence.available()).toMatchObject([{ userId: 'ana', state: 'online' }])
  return ana
}

async function openRun(ana: Person): Promise<void> {
  const { page } = ana
  await ana.open(page.locator('a.tile-link', { hasText: AGENT }))
  await badge(page, 'Waits for a supervisor').waitFor()
  await ana.press(steer(page, 'Attach'))
}

async function saySomething(ana: Person, guidance: string): Promise<void> {
  const { page } = ana
  await ana.press(steer(page, 'Correct'), 'c')
  const dialog = page.getByRole('dialog')
  await ana.write(dialog.getByLabel('Guidance'), guidance)
  expect(await violations(page)).toEqual([])
  await ana.press(dialog.getByRole('button', { name: 'Send the correction' }), 'Control+Enter')
  await dialog.waitFor({ state: 'detached' })
}

async function terminate(ana: Person, run: Run, reason: string): Promise<void> {
  const { page } = ana
  await ana.press(steer(page, 'Terminate'), 'Shift+T')
  const ask = page.getByRole('dialog', { name: 'Terminate this run?' })
  await ana.write(ask.getByRole('textbox', { name: /Reason/ }), reason)
  expect(await violations(page)).toEqual([])
  expect(await run.session()).toMatchObject({ state: 'running' })
  await ana.press(ask.getByRole('button', { name: 'Terminate' }), 'Control+Enter')
  await badge(page, 'Terminated').waitFor(WAIT)
  await page.getByText(`Ended: ${reason}`).waitFor()
}

/** A pause that is asked for while a step is under way is one only once the run has come to its checkpoint. */
async function pauseUnderWay(ana: Person, run: Run, goOn: () => void): Promise<void> {
  const { page } = ana
  await ana.press(steer(page, 'Pause'), 'Space')
  await badge(page, 'Pause requested…').waitFor()
  await page.getByText('1 step is still under way', { exact: false }).waitFor()
  expect(await badge(page, 'Paused').count()).toBe(0)
  expect(await run.session()).toMatchObject({ state: 'pausing', inFlight: 1 })
  goOn()
  await badge(page, 'Paused').waitFor(WAIT)
  expect(await run.session()).toMatchObject({ state: 'paused', pausedBy: 'user:ana' })
}

/** Gives a call that waits other args. */
async function correctArgs(ana: Person, run: Run): Promise<void> {
  const { page } = ana
  await ana.press(steer(page, 'Pause'), 'Space')
  await badge(page, 'Paused').waitFor(WAIT)
  const second = run.step({ count: 30, to: 'cus_11' }, (_, send) => send())
  await page.getByRole('region', { name: 'Pending call' }).getByText('"cus_11"').waitFor(WAIT)
  await ana.press(steer(page, 'Correct'), 'c')
  const dialog = page.getByRole('dialog')
  await ana.choose(dialog.getByLabel(`Change the arguments of ${ACTION}`))
  await ana.write(dialog.getByLabel('count'), '2')
  await page.getByRole('region', { name: 'What the agent gets' }).locator('.change-after', { hasText: '2' }).waitFor()
  await ana.press(dialog.getByRole('button', { name: 'Send the correction' }), 'Control+Enter')
  await dialog.waitFor({ state: 'detached' })
  await ana.press(steer(page, 'Resume'), 'Space')
  expect(await second).toMatchObject({ status: 'executed' })
}
