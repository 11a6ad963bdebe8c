import { expect, it } from 'vitest'
import { inWorkspace } from '../database/transaction.ts'
import { createPorts, describeOnEachStore, type TestStore, until } from './each-store.test.helper.ts'
import { toJournalRow } from './journal-draft.ts'
import { insertJournalRows } from './store.ts'
import { WriteBuffer } from './write-buffer.ts'

interface Fault {
  /** Fails before or after the commit of the workspace. */
  readonly workspace: string
  readonly when: 'before' | 'after'
}

function openBuffer(store: TestStore, faults: Fault[]) {
  const ports = createPorts(store.database)
  const health: boolean[] = []
  const groups: number[] = []
  const buffer = new WriteBuffer({
    now: () => ports.clock.now(),
    nextId: () => ports.ids.next('jrn'),
    onHealth: (healthy) => void health.push(healthy),
    write: async (workspace, drafts) => {
      const fault = faults[0]?.workspace === workspace ? faults.shift() : undefined
      if (fault?.when === 'before') throw new Error('connection lost')
      const rows = drafts.map(({ draft, id, recordedAt }) => toJournalRow(draft, id, recordedAt))
      await inWorkspace(store.database, { workspace }, async (tx) => insertJournalRows(tx, rows))
      groups.push(drafts.length)
      if (fault?.when === 'after') throw new Error('connection lost')
    },
  })
  return { buffer, health, groups }
}

async function subjects(store: TestStore, workspace: string): Promise<readonly unknown[]> {
  const rows = await store.asOwner('select subject_id from journal where workspace_id = $1 order by position', [
    workspace,
  ])
  return rows.map((row) => row.subject_id)
}

const draft = (subject: string) => ({ kind: 'run.completed', subject, body: { actor: 'agent:bot' } }) as const

describeOnEachStore('write buffer', (store) => {
  it('writes once what a lost answer left uncertain [GUARD-4]', async () => {
    const workspace = await store.workspace()
    const { buffer, health } = openBuffer(store, [
      { workspace, when: 'after' },
      { workspace, when: 'before' },
      { workspace, when: 'after' },
    ])
    buffer.add(workspace, draft('a'))
    buffer.add(workspace, draft('b'))
    await expect(buffer.flushed()).rejects.toMatchObject({ code: 'JOURNAL_UNHEALTHY' })
    await until(() => buffer.healthy)
    expect(await subjects(store, workspace)).toEqual(['a', 'b'])
    expect(health).toEqual([false, true])
    await buffer.close()
  })

  it('makes a draft as late as its group is written, and loses none that could not be made', async () => {
    const workspace = await store.workspace()
    const { buffer, health } = openBuffer(store, [])
    let made = 0
    buffer.add(workspace, () => {
      made += 1
      if (made === 1) throw new Error('could not be made')
      return draft('late')
    })
    buffer.add(workspace, draft('next'))
    expect(made).toBe(0)
    await expect(buffer.flushed()).rejects.toMatchObject({ code: 'JOURNAL_UNHEALTHY' })
    await until(() => buffer.healthy)
    expect(await subjects(store, workspace)).toEqual(['late', 'next'])
    expect([made, health]).toEqual([2, [false, true]])
    await buffer.close()
  })

  it('tries again only the workspaces that failed, and is not healthy before all are written', async () => {
    const [good, bad] = [await store.workspace(), await store.workspace()]
    const { buffer } = openBuffer(store, [{ workspace: bad, when: 'before' }])
    buffer.add(bad, draft('late'))
    buffer.add(good, draft('a'))
    await expect(buffer.flushed()).rejects.toMatchObject({ code: 'JOURNAL_UNHEALTHY' })
    expect(await subjects(store, good)).toEqual(['a'])
    expect(await subjects(store, bad)).toEqual([])
    await until(() => buffer.healthy)
    expect(await subjects(store, bad)).toEqual(['late'])
    expect(await subjects(store, good)).toEqual(['a'])
    await buffer.close()
  })

  it('resolves flushed() for what was added before, without waiting for what comes after', async () => {
    const workspace = await store.workspace()
    const { buffer, groups } = openBuffer(store, [])
    await buffer.flushed()
    expect(groups).toEqual([])
    for (let row = 0; row < 2_001; row += 1) buffer.add(workspace, draft(`d${row}`))
    const first = buffer.flushed()
    buffer.add(workspace, draft('later'))
    await first
    expect(groups).toEqual([2_000, 2])
    await buffer.close()
  })

  it('writes while it closes although the first attempts fail', async () => {
    const workspace = await store.workspace()
    const { buffer } = openBuffer(store, [
      { workspace, when: 'before' },
      { workspace, when: 'before' },
    ])
    buffer.add(workspace, draft('a'))
    await buffer.close()
    expect(await subjects(store, workspace)).toEqual(['a'])
  })
})
