import { afterEach, expect, it } from 'vitest'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import {
  createPorts,
  describeOnEachStore,
  describeOnPostgres,
  type TestPorts,
  type TestStore,
  until,
} from './each-store.test.helper.ts'
import { createJournal, type JournalDraft, type JournalOptions, type OpenJournal } from './journal.ts'
import { verifyJournal } from './verify.ts'

const open: OpenJournal[] = []

afterEach(async () => {
  for (const journal of open.splice(0)) await journal.close().catch(() => undefined)
})

function openJournal(store: TestStore, options?: JournalOptions): { journal: OpenJournal; ports: TestPorts } {
  const ports = createPorts(store.database)
  const journal = createJournal(ports, options)
  open.push(journal)
  return { journal, ports }
}

const draft = (subject: string): JournalDraft => ({
  kind: 'decision.made',
  subject,
  agent: 'bot',
  body: { outcome: 'execution', actor: 'agent:bot' },
})

async function subjects(store: TestStore, workspace: string): Promise<readonly unknown[]> {
  const rows = await store.asOwner('select subject_id from journal where workspace_id = $1 order by position', [
    workspace,
  ])
  return rows.map((row) => row.subject_id)
}

async function sealedSubjects(store: TestStore, workspace: string): Promise<readonly unknown[]> {
  const rows = await store.asOwner(
    `select j.subject_id from journal_seals s join journal j on j.id = s.journal_id where s.workspace_id = $1
     order by s.sequence`,
    [workspace],
  )
  return rows.map((row) => row.subject_id)
}

/** Makes every write of the journal fail, whoever is connected, until the given function is called. */
async function refuseWrites(store: TestStore): Promise<() => Promise<unknown>> {
  await store.asOwner('alter table journal rename to journal_away')
  return () => store.asOwner('alter table journal_away rename to journal')
}

describeOnEachStore('journal', (store) => {
  it('commits a row with its transaction, never without, and seals it at once [I-30, JRN-1]', async () => {
    const workspace = await store.workspace()
    const { journal, ports } = openJournal(store)
    const append = (subject: string, fails: boolean) =>
      inWorkspace(store.database, { workspace }, async (tx) => {
        const id = await journal.append(tx, draft(subject))
        expect(id).toMatch(/^jrn_/)
        if (fails) throw new Error('rolled back')
      })
    await append('kept', false)
    await expect(append('lost', true)).rejects.toThrow('rolled back')
    await until(async () => (await sealedSubjects(store, workspace)).length === 1, 1_000)
    expect(await sealedSubjects(store, workspace)).toEqual(['kept'])
    expect(await subjects(store, workspace)).toEqual(['kept'])
    const [row] = await store.asOwner('select body from journal where workspace_id = $1', [workspace])
    expect(row?.body).toBe('{"actor":"agent:bot","outcome":"execution"}')
    expect(await verifyJournal(ports, workspace)).toMatchObject({ ok: true, checked: 1 })
  })

  it('writes the rows of a transaction in their order, and none that comes after its end [JRN-1]', async () => {
    const workspace = await store.workspace()
    const { journal } = openJournal(store)
    const kept: Tx[] = []
    await inWorkspace(store.database, { workspace }, async (tx) => {
      kept.push(tx)
      await journal.append(tx, draft('a'))
      await journal.appendAll(tx, [draft('b'), draft('c')])
      await journal.append(tx, draft('d'))
    })
    for (const tx of kept) await expect(journal.append(tx, draft('late'))).rejects.toMatchObject({ code: 'INTERNAL' })
    await until(async () => (await sealedSubjects(store, workspace)).length === 4, 1_000)
    expect(await sealedSubjects(store, workspace)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('seals as soon as a row is committed, without waiting for a poll [JRN-1]', async () => {
    const workspace = await store.workspace()
    const { journal } = openJournal(store)
    const took: number[] = []
    for (let row = 1; row <= 7; row += 1) {
      await inWorkspace(store.database, { workspace }, (tx) => journal.append(tx, draft(`s${row}`)))
      const committed = performance.now()
      await until(async () => (await sealedSubjects(store, workspace)).length === row)
      took.push(performance.now() - committed)
    }
    // A poll every 500 ms alone would need half of that in the middle.
    expect(took.sort((one, other) => one - other)[3]).toBeLessThan(150)
  })

  it('commits what was handed over in groups, in order, and says when it has [GUARD-4]', async () => {
    const [one, other] = [await store.workspace(), await store.workspace()]
    const { journal } = openJournal(store)
    const expected = Array.from({ length: 3_000 }, (_, index) => `d${index}`)
    for (const subject of expected) {
      journal.buffer(one, draft(subject))
      journal.buffer(other, draft(subject))
    }
    expect(await subjects(store, one)).toEqual([])
    await journal.flushed()
    expect(await subjects(store, one)).toEqual(expected)
    expect(await subjects(store, other)).toEqual(expected)
    const rows = await store.asOwner('select count(distinct xid)::int as groups from journal where workspace_id = $1', [
      one,
    ])
    expect(rows[0]?.groups).toBeLessThan(10)
  })

  it('commits within moments when nobody waits [GUARD-4]', async () => {
    const workspace = await store.workspace()
    const { journal } = openJournal(store)
    journal.buffer(workspace, draft('alone'))
    await until(async () => (await subjects(store, workspace)).length === 1, 1_000)
  })

  it('refuses when it is full, and takes more when there is room again [GUARD-4]', async () => {
    const workspace = await store.workspace()
    const { journal } = openJournal(store, { bufferCapacity: 8 })
    for (let row = 0; row < 6; row += 1) {
      expect(journal.nearlyFull).toBe(false)
      journal.buffer(workspace, draft(`d${row}`))
    }
    expect(journal.nearlyFull).toBe(true)
    journal.buffer(workspace, draft('d6'))
    journal.buffer(workspace, draft('d7'))
    expect(() => journal.buffer(workspace, draft('over'))).toThrow(
      expect.objectContaining({ code: 'JOURNAL_UNHEALTHY' }),
    )
    await journal.flushed()
    expect(journal.nearlyFull).toBe(false)
    journal.buffer(workspace, draft('d8'))
    await journal.flushed()
    expect(await subjects(store, workspace)).toEqual(Array.from({ length: 9 }, (_, row) => `d${row}`))
  })

  it('refuses while writing fails, loses nothing that it took, and heals by itself [GUARD-4, I-30]', async () => {
    const workspace = await store.workspace()
    const { journal, ports } = openJournal(store)
    journal.buffer(workspace, draft('before'))
    await journal.flushed()
    const restore = await refuseWrites(store)
    journal.buffer(workspace, draft('during'))
    await expect(journal.flushed()).rejects.toMatchObject({ code: 'JOURNAL_UNHEALTHY' })
    expect(journal.healthy).toBe(false)
    expect(() => journal.buffer(workspace, draft('refused'))).toThrow(
      expect.objectContaining({ code: 'JOURNAL_UNHEALTHY' }),
    )
    await expect(journal.flushed()).rejects.toMatchObject({ code: 'JOURNAL_UNHEALTHY' })
    await expect(
      inWorkspace(store.database, { workspace }, (tx) => journal.append(tx, draft('refused too'))),
    ).rejects.toThrow()
    await restore()
    await until(() => journal.healthy)
    journal.buffer(workspace, draft('after'))
    await journal.flushed()
    expect(await subjects(store, workspace)).toEqual(['before', 'during', 'after'])
    expect(ports.reports.filter(({ code }) => code === 'JOURNAL_UNHEALTHY' || code === 'NOTICE')).toMatchObject([
      { level: 'error', code: 'JOURNAL_UNHEALTHY' },
      { level: 'warn', code: 'NOTICE' },
    ])
  })

  it('commits and seals what waits when it is closed, and takes nothing more', async () => {
    const workspace = await store.workspace()
    const { journal } = openJournal(store)
    for (let row = 0; row < 2_500; row += 1) journal.buffer(workspace, draft(`d${row}`))
    await journal.close()
    expect(await subjects(store, workspace)).toHaveLength(2_500)
    expect((await sealedSubjects(store, workspace)).length).toBeGreaterThan(0)
    expect(() => journal.buffer(workspace, draft('late'))).toThrow(expect.objectContaining({ code: 'GOVERNOR_CLOSED' }))
  })

  it('says how many rows are lost when it is closed and cannot write [GUARD-4]', async () => {
    const workspace = await store.workspace()
    const { journal } = openJournal(store)
    const restore = await refuseWrites(store)
    journal.buffer(workspace, draft('lost'))
    await expect(journal.close()).rejects.toMatchObject({
      code: 'JOURNAL_UNHEALTHY',
      message: '1 journal rows could not be written before the governor closed.',
    })
    await restore()
  })

  it('takes any text and number of JSON, so that no agent can jam it', async () => {
    const workspace = await store.workspace()
    const { journal, ports } = openJournal(store)
    const body = { actor: 'agent:bot', text: '\u0000 \ud800 " \\ \u2028 😀', number: Number.NaN, big: 1e300 }
    journal.buffer(workspace, { ...draft('odd'), body })
    await journal.flushed()
    await until(async () => (await sealedSubjects(store, workspace)).length === 1)
    expect(await verifyJournal(ports, workspace)).toMatchObject({ ok: true, checked: 1 })
  })
})

describeOnPostgres('journal through an outage', (store) => {
  it('keeps what flushed() acknowledged, and all that it took, once each [GUARD-4]', async () => {
    const workspace = await store.workspace()
    const { journal, ports } = openJournal(store)
    const taken: string[] = []
    let acknowledged = 0
    let refused = 0
    let running = true
    const load = (async () => {
      while (running) {
        try {
          const subject = `d${taken.length}`
          journal.buffer(workspace, draft(subject))
          taken.push(subject)
        } catch {
          refused += 1
        }
        const count = taken.length
        await journal.flushed().then(
          () => {
            acknowledged = Math.max(acknowledged, count)
          },
          () => new Promise((resolve) => setTimeout(resolve, 5)),
        )
      }
    })()
    await until(() => acknowledged > 20)
    const end = await store.outage()
    await until(() => refused > 0)
    expect(journal.healthy).toBe(false)
    const before = acknowledged
    await end()
    await until(() => journal.healthy && acknowledged > before + 20, 15_000)
    running = false
    await load
    await journal.flushed()
    expect(await subjects(store, workspace)).toEqual(taken)
    await until(async () => (await verifyJournal(ports, workspace)).unsealed === 0, 15_000)
    expect(await verifyJournal(ports, workspace)).toMatchObject({ ok: true, checked: taken.length })
  })
})
