import { expect, it } from 'vitest'
import {
  createPorts,
  describeOnEachStore,
  describeOnPostgres,
  type TestStore,
  until,
} from './each-store.test.helper.ts'
import { Sealer } from './sealer.ts'
import { verifyJournal } from './verify.ts'

async function write(store: TestStore, workspace: string, count = 1): Promise<void> {
  await store.asOwner(
    `insert into journal (id, workspace_id, kind, subject_id, body, recorded_at)
     select 'jrn_' || gen_random_uuid(), $1, 'agent.changed', 's' || n, '{"actor":"user:ana"}', '2026-01-02T03:04:05Z'
     from generate_series(1, $2::int) as n`,
    [workspace, count],
  )
}

async function countOf(store: TestStore, workspace: string): Promise<number> {
  const [row] = await store.asOwner('select count(*)::int as seals from journal_seals where workspace_id = $1', [
    workspace,
  ])
  return Number(row?.seals)
}

function openSealer(database: TestStore['database']) {
  const ports = createPorts(database)
  const heard: string[] = []
  const sealer = new Sealer({ ...ports, sealed: (workspace) => void heard.push(workspace) })
  return { sealer, heard, reports: ports.reports }
}

describeOnEachStore('sealer', (store) => {
  it('seals within milliseconds what it is told of [JRN-1]', async () => {
    const workspace = await store.workspace()
    const { sealer, heard } = openSealer(store.database)
    await write(store, workspace, 2_300)
    sealer.wake(workspace)
    await until(async () => (await countOf(store, workspace)) === 2_300, 2_000)
    await until(() => heard.includes(workspace), 1_000)
    await sealer.close()
  })

  it('seals within a second what a process left behind that died before it could, in every workspace [JRN-1, JRN-4]', async () => {
    const { sealer } = openSealer(store.database)
    const workspaces = [await store.workspace(), await store.workspace(), '*']
    for (const workspace of workspaces) await write(store, workspace)
    const written = performance.now()
    for (const workspace of workspaces) await until(async () => (await countOf(store, workspace)) === 1, 2_000)
    // Half a second of leeway, for a machine that is busy with other tests.
    expect(performance.now() - written).toBeLessThan(1_500)
    await sealer.close()
  })

  it('outlives a fault, says so once, and goes on [JRN-1]', async () => {
    const workspace = await store.workspace()
    const { sealer, reports } = openSealer(store.database)
    await store.asOwner('alter table journal_heads rename to journal_heads_away')
    await write(store, workspace)
    sealer.wake(workspace)
    await until(() => reports.length > 0)
    await store.asOwner('alter table journal_heads_away rename to journal_heads')
    await until(async () => (await countOf(store, workspace)) === 1)
    expect(reports).toHaveLength(1)
    expect(reports[0]?.message).toMatch(/^Sealing the journal failed and is tried again: /)
    await sealer.close()
  })

  it('seals what it knows of when it is closed', async () => {
    const workspace = await store.workspace()
    const { sealer } = openSealer(store.database)
    await write(store, workspace)
    sealer.wake(workspace)
    await sealer.close()
    expect(await countOf(store, workspace)).toBe(1)
    await sealer.close()
  })
})

describeOnPostgres('sealers in several connections', (store) => {
  it('keep one chain between them while all are woken, and one that dies is taken over [JRN-4]', async () => {
    const workspace = await store.workspace()
    const sealers = await Promise.all(Array.from({ length: 3 }, async () => openSealer(await store.another())))
    for (let round = 0; round < 30; round += 1) {
      await write(store, workspace, 7)
      for (const { sealer } of sealers) sealer.wake(workspace)
    }
    await sealers[0]?.sealer.close()
    await write(store, workspace, 3)
    await until(async () => (await countOf(store, workspace)) === 213)
    expect(await verifyJournal(createPorts(store.database), workspace)).toMatchObject({ ok: true, checked: 213 })
    await Promise.all(sealers.map(({ sealer }) => sealer.close()))
  })

  it('find what a transaction of a dead process commits after later ones were sealed [JRN-1]', async () => {
    const workspace = await store.workspace()
    const { sealer } = openSealer(store.database)
    const late = await store.database.pool.connect()
    await late.query(`begin; insert into journal (id, workspace_id, kind, subject_id, body, recorded_at)
      values ('jrn_late_${workspace}', '${workspace}', 'agent.changed', 's', '{"actor":"user:ana"}', '2026-01-02T03:04:05Z')`)
    await write(store, workspace)
    await until(async () => (await countOf(store, workspace)) === 1)
    await late.query('commit')
    late.release()
    await until(async () => (await countOf(store, workspace)) === 2)
    await sealer.close()
  })

  it('go on after the server was away [JRN-1]', async () => {
    const workspace = await store.workspace()
    const { sealer } = openSealer(await store.another())
    const end = await store.outage()
    sealer.wake(workspace)
    await new Promise((resolve) => setTimeout(resolve, 700))
    await end()
    await write(store, workspace)
    await until(async () => (await countOf(store, workspace)) === 1, 15_000)
    await sealer.close()
  })
})
