import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ControlScope, JournalEntry, TrainingSessionDetail } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { useExample } from './run-example.ts'

const runExample = useExample('training')
const TIMEOUT_MS = 180_000

/** The part of the document of the example that is compared with what is in the database. */
interface Story {
  readonly session: TrainingSessionDetail
}

/** Reads what the control plane of the example left behind, with a governor that the example knows nothing of. */
async function reading<T>(folder: string, read: (admin: ControlScope) => Promise<T>): Promise<T> {
  const governor = await createGovernor({ dataFolder: join(folder, 'data'), report: () => undefined })
  try {
    return await read(governor.as({ workspace: 'default', principal: { kind: 'user', id: 'ada', roles: ['admin'] } }))
  } finally {
    await governor.close()
  }
}

/** The rows of the journal on an agent, oldest first. */
async function rowsOf(admin: ControlScope, agent: string): Promise<readonly JournalEntry[]> {
  const { items } = await admin.journal.list({ agent, limit: 100 })
  return items.toSorted((one, other) => (one.sequence ?? 0) - (other.sequence ?? 0))
}

const PROGRESS = 'training_session.progressed'
/** The kinds of the story of a course, each once. */
const COURSE = [
  'training_proposal.created',
  'training_proposal.approved',
  'training_session.scheduled',
  'training_session.started',
  'training_session.completed',
]

function storyOf(rows: readonly JournalEntry[]): readonly string[] {
  return rows.map(({ kind }) => kind).filter((kind) => COURSE.includes(kind))
}

async function expectBroughtBack(admin: ControlScope, story: Story): Promise<void> {
  const { id, progress } = story.session
  const rows = await rowsOf(admin, 'refund-bot')
  expect(storyOf(rows).toSorted()).toEqual(COURSE.toSorted())
  expect(rows.filter(({ kind }) => kind === PROGRESS)).toHaveLength(2 * progress.of)
  expect(await admin.trainingSessions.get(id)).toMatchObject({ state: 'completed', score: story.session.score })
  const { items: ledger } = await admin.agents.confidence('refund-bot')
  expect(ledger.filter(({ kind }) => kind === 'training')).toMatchObject([
    { sourceId: id, requested: 2_000, applied: 2_000, confidence: 5_000 },
  ])
  expect((await admin.agents.transitions('refund-bot')).items[0]).toMatchObject({ from: 'student', to: 'intern' })
  const routes = rows
    .filter(({ kind }) => kind === 'decision.made')
    .map(({ body }) => Reflect.get(Object(body.decision), 'route'))
  expect(routes.toSorted()).toEqual(['execution', 'proposal', 'training'])
  const { items: blocked } = await admin.blockedTriggers.list({ agent: 'refund-bot' })
  expect(blocked).toMatchObject([
    { offeredAt: expect.any(String), resolution: expect.stringMatching(/^proposal dec_/) },
  ])
  const { items: proposals } = await admin.proposals.list({ agent: 'refund-bot' })
  expect(proposals).toMatchObject([{ state: 'succeeded', proposedBy: 'service:shop' }])
}

async function expectStillStudent(admin: ControlScope, story: Story): Promise<void> {
  const rows = await rowsOf(admin, 'hasty-bot')
  expect(storyOf(rows).toSorted()).toEqual(COURSE.toSorted())
  expect(rows.filter(({ kind }) => kind === PROGRESS)).toHaveLength(2 * story.session.progress.of)
  expect(await admin.agents.get('hasty-bot')).toMatchObject({ maturity: 'student', confidence: 3_000 })
  const { items: blocked } = await admin.blockedTriggers.list({ agent: 'hasty-bot' })
  expect(blocked).toMatchObject([{ offeredAt: null, resolvedAt: null }])
  expect((await admin.proposals.list({ agent: 'hasty-bot' })).items).toEqual([])
}

describe('the example of training', () => {
  it(
    verifies(['TRAINEE-2', 'TRAIN-2', 'TRAIN-8', 'I-4'], 'brings one student back, and tells what the other one lacks'),
    async () => {
      const { document, folder, told } = await runExample()
      const { 'refund-bot': diligent, 'hasty-bot': hasty } = document.stories

      expect(diligent.blocked).toMatchObject({
        trigger: { action: 'refund', args: { order: '7', cents: 500 }, maturity: 'student', confidence: 3_000 },
        proposal: { state: 'proposed', gaps: ['refund', 'financial_analysis', 'reconciliation', 'reporting'] },
      })
      expect(diligent.approved).toMatchObject({ state: 'approved', decidedBy: 'user:sue' })
      expect(diligent.session).toMatchObject({ state: 'completed', hoursPerDay: 4, typed: false, remaining: [] })
      expect(diligent.session).toMatchObject({ maturityBefore: 'student', maturityAfter: 'intern' })
      expect(diligent.session.score).toBeGreaterThanOrEqual(0.7)
      expect(diligent.agent).toMatchObject({ maturity: 'intern', confidence: 5_000 })
      expect(diligent.retried).toMatchObject({
        decision: { route: 'proposal' },
        blockedTrigger: { resolvedAt: expect.any(String) },
        proposal: { state: 'succeeded', args: { order: '7', cents: 500 } },
        said: 'Refunded 500 cents of order 7.',
      })

      expect(hasty.session).toMatchObject({ state: 'completed', maturityAfter: 'student' })
      expect(hasty.session.score).toBeLessThan(0.7)
      const missing = ['2000 basis points of confidence', 'a training session with a score of at least 0.7']
      expect(hasty.session.missing).toEqual(missing)
      expect(hasty.retried).toEqual({
        refused: { code: 'CONFLICT', message: expect.stringContaining('route training') },
      })
      expect(told).toContain(`It lacks: ${missing.join('; ')}.`)

      const effect = { agent: 'refund-bot', order: '7', cents: 500 }
      expect(readFileSync(join(folder, 'effects.jsonl'), 'utf8')).toBe(`${JSON.stringify(effect)}\n`)
      await reading(folder, async (admin) => {
        await expectBroughtBack(admin, diligent)
        await expectStillStudent(admin, hasty)
        expect(await admin.journal.verify()).toMatchObject({ ok: true })
      })
    },
    TIMEOUT_MS,
  )
})
