import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { ConfidenceEntry } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { createTestDatabase, describeWithPostgres, type TestDatabase } from '@preceptor/test-setup'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'

const PROCESSES = 4
const FACTS = 400
// Every fourth fact comes twice: 500 writes, of which a fifth are told already.
const TWICE = 4

/** One write of a fact. */
interface Work {
  readonly manner: 'earn' | 'note'
  readonly sourceId: string
  readonly evidence: { readonly kind: 'run' | 'proposal'; readonly outcome: string }
}

/** Gains of 2,500 in all, which is what a day may bring, losses of 4,800, and facts that move nothing. */
function evidenceOf(index: number): { readonly evidence: Work['evidence']; readonly delta: number } {
  if (index < 60) return { evidence: { kind: 'run', outcome: 'succeeded' }, delta: 25 }
  if (index < 80) return { evidence: { kind: 'proposal', outcome: 'edited' }, delta: 50 }
  if (index < 92) return { evidence: { kind: 'run', outcome: 'failed' }, delta: -200 }
  if (index < 104) return { evidence: { kind: 'proposal', outcome: 'rejected' }, delta: -200 }
  return { evidence: { kind: 'run', outcome: 'infrastructure_failed' }, delta: 0 }
}

function worksOf(index: number): readonly Work[] {
  const { evidence } = evidenceOf(index)
  const sourceId = `fact-${index}`
  const first: Work = { manner: index % 2 === 0 ? 'earn' : 'note', sourceId, evidence }
  if (index % TWICE !== 0) return [first]
  return [first, { manner: index % (2 * TWICE) === 0 ? 'note' : 'earn', sourceId, evidence }]
}

describeWithPostgres('the ledger of one agent and several processes', () => {
  let database: TestDatabase
  let test: TestGovernor
  const children: ChildProcess[] = []

  beforeEach(async () => {
    database = await createTestDatabase()
    test = await createTestGovernor({ database: database.url })
    await test.admin.agents.register({ id: 'busy', ownerId: 'system', confidence: 4_900 })
  })
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await test.close()
    await database.drop()
  })

  async function start(): Promise<ChildProcess> {
    // Without the runner's own conditions: the process uses what was built.
    const script = new URL('./earner.mjs', import.meta.url)
    const child = fork(script, [database.url], { stdio: 'inherit', execArgv: [] })
    children.push(child)
    const [ready] = await Promise.race([once(child, 'message'), once(child, 'exit')])
    if (typeof ready !== 'object') throw new Error(`The process ended early with ${ready}.`)
    return child
  }

  async function entries(): Promise<readonly ConfidenceEntry[]> {
    const found: ConfidenceEntry[] = []
    let cursor: string | null = null
    do {
      const page = await test.admin.agents.confidence('busy', { limit: 100, ...(cursor && { cursor }) })
      found.push(...page.items)
      cursor = page.next
    } while (cursor !== null)
    return found
  }

  it(verifies(
    ['I-11', 'MAT-3', 'MAT-12'],
    'replays to the stored value after 500 writes of 4 processes, a fifth of them told before',
  ), async () => {
    const works = Array.from({ length: FACTS }, (_, index) => worksOf(index)).flat()
    expect(works).toHaveLength(500)
    // Both tellings of a fact are of two processes: neighbours go to different ones.
    const shares = Array.from({ length: PROCESSES }, (_, share) =>
      works.filter((_work, at) => at % PROCESSES === share),
    )
    const processes = await Promise.all(shares.map(() => start()))
    const reported: string[] = []
    const ended = processes.map(async (child, index) => {
      child.on(
        'message',
        (message: { readonly reported?: string }) => message.reported && reported.push(message.reported),
      )
      const exited = once(child, 'exit')
      child.send({ works: shares[index] })
      expect(await exited).toEqual([0, null])
    })
    await Promise.all(ended)
    await test.governor.jobs.run('count-evidence', { workspace: 'default' })
    const ledger = await entries()
    const expected = Array.from({ length: FACTS }, (_, index) => evidenceOf(index).delta)
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
    expect(reported).toEqual([])
    expect(ledger).toHaveLength(FACTS + 1)
    expect(new Set(ledger.map(({ kind, sourceId }) => `${kind} ${sourceId}`)).size).toBe(FACTS + 1)
    const { confidence } = await test.admin.agents.get('busy')
    expect(confidence).toBe(4_900 + sum(expected))
    expect(sum(ledger.map(({ applied }) => applied))).toBe(confidence)
    expect(ledger[0]?.confidence).toBe(confidence)
  }, 90_000)
})
