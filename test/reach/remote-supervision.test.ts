import type { ControlScope, GuardCall } from '@preceptor/client'
import { describe, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { attemptOf, useReach } from './support.ts'

const reach = useReach()

/** A supervised run in another process that has taken its first step, and who watches it. */
async function watchedRun(work: (call: GuardCall) => unknown, url?: string) {
  const agent = await reach.agentOf('supervised')
  const name = `sup-${agent}`
  await reach.test.admin.members.put(name, { displayName: name, roles: ['supervisor'] })
  const supervisor: ControlScope = reach.test.user(name, 'supervisor')
  await supervisor.presence.heartbeat()
  const step = (run: (call: GuardCall) => unknown) =>
    reach
      .scopeOf(agent, ...(url === undefined ? [] : [reach.connect({ url })]))
      .guard(attemptOf(agent, { run: 'the-run' }), run)
  const first = step(work)
  first.catch(() => undefined)
  const session = await vi.waitFor(
    async () => {
      const { items } = await supervisor.sessions.list({ agent, state: 'active' })
      expect(items).toHaveLength(1)
      return items[0]?.id ?? ''
    },
    { timeout: 8_000 },
  )
  await supervisor.sessions.attach(session)
  return { supervisor, session, first, step }
}

describe('a supervised run in another process', () => {
  it(verifies(['REACH-10', 'SUP-1', 'SUP-3'], 'waits while it is paused, and hears what was said once'), async () => {
    let begun = false
    let go = (): void => undefined
    const released = new Promise<void>((resolve) => {
      go = resolve
    })
    const heard: string[] = []
    const { supervisor, session, first } = await watchedRun(async ({ checkpoint, emit }) => {
      begun = true
      emit({ kind: 'output', text: 'so far' })
      await released
      heard.push(...(await checkpoint()).guidance, 'passed')
      heard.push(...(await checkpoint()).guidance)
    })
    await vi.waitFor(() => expect(begun).toBe(true), { timeout: 8_000 })
    await supervisor.sessions.intervene(session, { type: 'correct', guidance: 'Mind the fee.' })
    await supervisor.sessions.intervene(session, { type: 'pause' })
    go()
    await vi.waitFor(
      async () => expect(await supervisor.sessions.get(session)).toMatchObject({ state: 'paused', inFlight: 0 }),
      { timeout: 8_000 },
    )
    expect(heard).toEqual([])
    await supervisor.sessions.attach(session)
    await supervisor.sessions.intervene(session, { type: 'resume' })
    expect(await first).toMatchObject({ status: 'executed', recorded: true })
    expect(heard).toEqual(['Mind the fee.', 'passed'])
    const { items } = await supervisor.sessions.events(session)
    expect(items.filter(({ kind }) => kind === 'output')).toMatchObject([{ body: { text: 'so far' } }])
  })

  it(verifies(['REACH-12', 'SUP-3'], 'hears once what was said in an answer that was lost'), async () => {
    const { url, asked } = await reach.interpose((path, times) =>
      /\/(?:claim|checkpoint)$/.test(path) && times % 2 === 1 ? 'cut_answer' : 'pass',
    )
    const { supervisor, session, first, step } = await watchedRun(() => 'first', url)
    expect(await first).toMatchObject({ status: 'executed' })
    await supervisor.sessions.intervene(session, { type: 'pause' })
    const heard: (readonly string[])[] = []
    const second = step(async ({ guidance, checkpoint }) => {
      heard.push(guidance)
      await supervisor.sessions.intervene(session, { type: 'correct', guidance: 'And the date.' })
      for (let times = 0; times < 3; times += 1) heard.push((await checkpoint()).guidance)
    })
    await vi.waitFor(
      async () => expect((await supervisor.sessions.get(session)).steps.map(({ state }) => state)).toContain('waiting'),
      { timeout: 8_000 },
    )
    await supervisor.sessions.intervene(session, { type: 'correct', guidance: 'Mind the fee.' })
    await supervisor.sessions.intervene(session, { type: 'resume' })
    expect(await second).toMatchObject({ status: 'executed' })
    expect(heard).toEqual([['Mind the fee.'], ['And the date.'], [], []])
    expect(asked.filter((path) => path.endsWith('/checkpoint')).length).toBeGreaterThanOrEqual(6)
  })

  it(verifies(['REACH-10', 'SUP-4'], 'is aborted by a termination, and what it gives comes too late'), async () => {
    let begun = false
    const { supervisor, session, first, step } = await watchedRun(async ({ signal }) => {
      begun = true
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      return 'late'
    })
    await vi.waitFor(() => expect(begun).toBe(true), { timeout: 8_000 })
    await supervisor.sessions.intervene(session, { type: 'terminate', reason: 'It went wrong.' })
    await expect(first).rejects.toMatchObject({ code: 'RUN_TERMINATED' })
    const { steps } = await supervisor.sessions.get(session)
    expect((await reach.test.admin.decisions.get(steps[0]?.id ?? '')).execution?.state).toBe('failed')
    const next = await step(() => 'never')
    expect(next).toMatchObject({ status: 'withheld', decision: { route: 'denied', code: 'RUN_TERMINATED' } })
  })
})
