import type { JsonObject, Maturity } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { insertAgent } from '../agents/store.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { openContext, type TestContext } from '../jobs/jobs.test.helper.ts'
import type { TestStore } from '../journal/each-store.test.helper.ts'
import { putPolicy } from '../policy/put-policy.ts'
import { newestPolicy } from '../policy/store.ts'
import type { Standing } from './bands.ts'
import { type Earning, earn } from './earn.ts'
import type { Evidence } from './evidence.ts'
import { findRecord, type MaturityRecord } from './store.ts'

const HOUR = 3_600_000

/** A workspace with the agent `bot` of `olga`, on a clock that a test puts forward. */
export interface Judged {
  readonly context: TestContext
  readonly workspace: string
  advance(milliseconds: number): void
  /** Registers one more agent of `olga`. */
  register(id: string, start: Standing): Promise<void>
  in<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** An administrator. */
  admin(id: string): Actor
  put(document: JsonObject): Promise<void>
  /** Counts a fact, an hour after the one before. */
  earn(evidence: Evidence, more?: Partial<Earning>): Promise<MaturityRecord>
  record(capability?: string): Promise<MaturityRecord | undefined>
}

/** Registers `bot` at a confidence in basis points. */
export async function judge(
  store: TestStore,
  { maturity, confidence }: { readonly maturity: Maturity; readonly confidence: number },
): Promise<Judged> {
  let now = Date.UTC(2026, 0, 5, 12)
  let facts = 0
  const opened = openContext(store)
  const context: TestContext = { ...opened, clock: { ...opened.clock, now: () => now } }
  const workspace = await store.workspace()
  const work = <T>(act: (tx: Tx) => Promise<T>): Promise<T> => inWorkspace(context.database, { workspace }, act)
  const admin = (id: string): Actor => ({
    workspace,
    principal: { kind: 'user', id, roles: ['admin'] },
    source: 'manual',
  })
  const register = async (id: string, start: Standing): Promise<void> => {
    const described = { id, displayName: id, category: null, specialty: null, ownerId: 'olga', fingerprint: {} }
    const entry = { entryId: context.ids.next('cfe'), actor: 'system:test', at: new Date(now - HOUR).toISOString() }
    await work((tx) => insertAgent(tx, { ...described, ...start, ...entry, capabilities: [] }))
  }
  await register('bot', { maturity, confidence })
  return {
    context,
    workspace,
    admin,
    register,
    advance: (milliseconds) => {
      now += milliseconds
    },
    in: work,
    async put(document) {
      const basedOn = (await work(newestPolicy))?.version ?? 0
      await putPolicy(context, admin('root'), { document, basedOn, reason: 'a test' })
    },
    earn(evidence, more = {}) {
      now += HOUR
      facts += 1
      const fact = { agent: 'bot', capability: '*', evidence, sourceId: `fact-${facts}`, actor: 'system:test' }
      return work((tx) => earn(context, tx, { ...fact, reason: 'a test', ...more }))
    },
    record: (capability = '*') => work((tx) => findRecord(tx, { agent: 'bot', capability })),
  }
}
