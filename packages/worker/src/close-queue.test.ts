import { once } from 'node:events'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createWorker } from './create-worker.ts'

// However slow the machine is, what is offered is taken up, and what is attached stays so.
const PATIENT = { attachWithinMs: 120_000, supervisorLeaseMs: 120_000 }
const WITHIN = { timeout: 40_000, interval: 20 }
const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Lets an agent ask for runs that wait, and a supervisor attach to the first so many of them. */
async function queueRuns(governor: EmbeddedGovernor, count: number) {
  const as = (kind: 'user' | 'agent', id: string, roles: readonly ('admin' | 'supervisor')[]) =>
    governor.as({ workspace: 'default', principal: { kind, id, roles } })
  const admin = as('user', 'root', ['admin'])
  await admin.agents.register({ id: 'bot', maturity: 'supervised', ownerId: 'system' })
  await admin.members.put('sam', { displayName: 'Sam', roles: ['supervisor'] })
  const sam = as('user', 'sam', ['supervisor'])
  const ids: string[] = []
  for (let index = 0; index < count; index += 1) {
    const decision = await as('agent', 'bot', []).decide({ agent: 'bot', action: 'mail.post', args: { index } })
    if (decision.route !== 'queue') throw new Error(decision.reason)
    ids.push(decision.queueEntry.id)
  }
  await sam.presence.heartbeat()
  const entry = (index: number) => admin.queue.get(ids[index] ?? '')
  return {
    stateOf: async (index: number) => (await entry(index)).state,
    /** Attaches to the session of a run once it is offered. */
    watch: async (index: number) => {
      await vi.waitFor(async () => expect((await entry(index)).sessionId).not.toBeNull(), WITHIN)
      await sam.sessions.attach((await entry(index)).sessionId ?? '')
    },
  }
}

describe('a worker that is asked to end', () => {
  it('lets the queued run that it has end, takes no other, and leaves those to whoever comes next [JOB-5, QUEUE-1]', async () => {
    const began = new EventTarget()
    const ran: unknown[] = []
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const governor = await createGovernor({
      memory: true,
      actions: {
        'mail.post': {
          risk: 'high',
          execute: async ({ args }) => {
            began.dispatchEvent(new Event('run'))
            if (args.index === 0) await held
            ran.push(args.index)
          },
        },
      },
      settings: PATIENT,
      report: () => undefined,
    })
    closing.push(() => governor.close())
    const { stateOf, watch } = await queueRuns(governor, 2)
    const first = await createWorker(governor, { concurrency: 1 })
    closing.push(() => first.close())
    const running = once(began, 'run')
    await watch(0)
    await running
    await watch(1)
    const closed = first.close()
    release()
    await closed
    expect(await stateOf(0)).toBe('completed')
    expect(await stateOf(1)).toBe('pending')
    expect(ran).toEqual([0])
    const second = await createWorker(governor, { concurrency: 1 })
    closing.push(() => second.close())
    await vi.waitFor(async () => expect(await stateOf(1)).toBe('completed'), WITHIN)
    expect(ran).toEqual([0, 1])
  }, 120_000)

  it('waits for a queued run no longer than it was told to [JOB-5]', async () => {
    const began = new EventTarget()
    const execute = ({ signal }: { readonly signal: AbortSignal }) => {
      began.dispatchEvent(new Event('run'))
      return once(signal, 'abort')
    }
    const actions = { 'mail.post': { risk: 'high', execute } } as const
    const settings = { ...PATIENT, closeWithinMs: 200 }
    const governor = await createGovernor({ memory: true, actions, settings, report: () => undefined })
    const { watch } = await queueRuns(governor, 1)
    const worker = await createWorker(governor, { concurrency: 1, closeWithinMs: 200 })
    const running = once(began, 'run')
    await watch(0)
    await running
    const asked = performance.now()
    await worker.close()
    await governor.close()
    expect(performance.now() - asked).toBeLessThan(10_000)
  }, 120_000)
})
