import { join } from 'node:path'
import type { SessionEvent } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { useExample } from './run-example.ts'

const runExample = useExample('supervised-agent')
const TIMEOUT_MS = 240_000

/** What the bank of the example was asked for. */
interface Effect {
  readonly what: 'checked' | 'refunded'
  readonly order: string
  readonly cents: number
  readonly at: number
}

/** The stream of a session, as the control plane of the example left it, in the order in which it happened. */
async function streamsOf(
  folder: string,
  ...sessions: readonly string[]
): Promise<readonly (readonly SessionEvent[])[]> {
  const governor = await createGovernor({ dataFolder: join(folder, 'data'), report: () => undefined })
  try {
    const admin = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'ada', roles: ['admin'] } })
    expect(await admin.journal.verify()).toMatchObject({ ok: true })
    return await Promise.all(sessions.map(async (id) => (await admin.sessions.events(id, { limit: 500 })).items))
  } finally {
    await governor.close()
  }
}

const kindsOf = (events: readonly SessionEvent[]) => events.map(({ kind }) => kind.replace('supervision_session.', ''))
const STEP = ['step.waiting', 'step.started', 'log', 'progress', 'progress', 'output', 'step.ended']

describe('the example of supervision', () => {
  it(
    verifies(['TERM-4', 'I-16', 'SUP-1', 'SUP-3', 'SUP-4', 'SUP-6'], 'is steered from a terminal in another process'),
    async () => {
      const { document, folder, told } = await runExample()
      const { corrected, terminated, heard } = document
      const effects: readonly Effect[] = document.effects
      const done = (order: string) => effects.filter((effect) => effect.order === order).map(({ what }) => what)

      // The pause is shown as one only once the run waits, and then nothing is done until it is resumed.
      expect(corrected).toMatchObject({ pausing: 'pausing', state: 'completed', exitCode: 0 })
      expect(corrected.resumedAt - corrected.pausedAt).toBeGreaterThan(500)
      expect(effects.filter(({ at }) => at >= corrected.pausedAt && at <= corrected.resumedAt)).toEqual([])
      expect(effects.some(({ at }) => at < corrected.pausedAt)).toBe(true)
      for (const order of ['A1', 'A2', 'A3']) expect(done(order)).toEqual(['checked', 'refunded'])

      // The model reads the correction in the next request, once, and does what it says.
      expect(heard.slice(0, 4)).toEqual([0, 0, 1, 1])
      expect(effects.filter(({ what }) => what === 'refunded').map(({ cents }) => cents)).toEqual([500, 800, 300])
      expect(corrected).toMatchObject({ ended: { ended: 'done' }, rating: 4, ratedBy: 'user:sam' })

      // The check that was under way was aborted; the run did nothing more.
      expect(terminated).toMatchObject({ state: 'terminated', ended: { ended: 'stopped', code: 'RUN_TERMINATED' } })
      expect([done('B1'), done('B2')]).toEqual([['checked'], []])
      expect(effects.filter(({ at }) => at > terminated.terminatedAt)).toEqual([])
      expect(told).toContain(`$ preceptor sessions watch ${corrected.session} --attach`)
      expect(told).toMatch(/\| \S+ {2}paused +actor system:supervision, pausedBy user:sam/)

      const [first = [], second = []] = await streamsOf(folder, corrected.session, terminated.session)
      const interrupted = ['pausing', 'paused', 'intervention.requested', 'resumed', 'intervention.applied']
      expect(kindsOf(first).filter((kind) => interrupted.includes(kind))).toEqual(interrupted)
      const others = kindsOf(first).filter((kind) => ![...interrupted, 'attached'].includes(kind))
      expect(others).toEqual(['started', ...STEP, ...STEP, ...STEP, 'completed', 'rated'])
      expect(kindsOf(second).filter((kind) => kind === 'step.started')).toHaveLength(1)
    },
    TIMEOUT_MS,
  )
})
