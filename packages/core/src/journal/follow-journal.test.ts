import type { EventSubscription, JournalEntry } from '@preceptor/client'
import { afterEach, expect, it } from 'vitest'
import { createPorts, describeOnEachStore, type TestStore, until } from './each-store.test.helper.ts'
import { type Following, followJournal } from './follow-journal.ts'
import { createJournal, type OpenJournal } from './journal.ts'
import { sealWorkspace } from './seal.ts'
import { createSharedReads } from './shared-reads.ts'

const open: { readonly journal: OpenJournal; readonly controller: AbortController }[] = []

afterEach(async () => {
  for (const { journal, controller } of open.splice(0)) {
    controller.abort()
    await journal.close()
  }
})

interface Follower {
  readonly subscription: EventSubscription
  readonly controller: AbortController
  /** Subjects of the entries so far, read as fast as they come. */
  readonly seen: string[]
  readonly ended: Promise<unknown>
}

async function write(store: TestStore, workspace: string, subjects: readonly string[]): Promise<void> {
  await store.asOwner(
    `insert into journal (id, workspace_id, kind, subject_id, agent_id, body, recorded_at)
     select 'jrn_' || gen_random_uuid(), $1, 'run.completed', subject, split_part(subject, '-', 1),
       '{"actor":"user:ana"}', '2026-01-02T03:04:05Z'
     from unnest($2::text[]) as subject`,
    [workspace, subjects],
  )
  await sealWorkspace(createPorts(store.database), workspace)
}

async function subscribe(
  store: TestStore,
  following: Partial<Following> & { workspace: string },
  isClosed = () => false,
) {
  const ports = createPorts(store.database)
  const journal = createJournal(ports)
  const controller = new AbortController()
  open.push({ journal, controller })
  const subscription = await followJournal(
    { ...ports, journal, isClosed, sharedReads: createSharedReads() },
    { only: null, after: undefined, signal: controller.signal, ...following },
  )
  return { subscription, controller, journal }
}

async function follow(
  store: TestStore,
  following: Partial<Following> & { workspace: string },
  isClosed?: () => boolean,
): Promise<Follower & { readonly journal: OpenJournal }> {
  const { subscription, controller, journal } = await subscribe(store, following, isClosed)
  const seen: string[] = []
  const read = async (): Promise<void> => {
    for await (const entry of subscription) seen.push(entry.subjectId)
  }
  return { subscription, controller, journal, seen, ended: read().catch((error: unknown) => error) }
}

const names = (from: number, to: number, agent = 'a'): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${agent}-${from + index}`)

describeOnEachStore('following the journal', (store) => {
  it('begins at the present end, or after the sequence that is named, and goes on with what comes [I-21]', async () => {
    const workspace = await store.workspace()
    await write(store, workspace, names(1, 130))
    const [late, early] = [await follow(store, { workspace }), await follow(store, { workspace, after: 3 })]
    expect([late.subscription.position, early.subscription.position]).toEqual([130, 3])
    await write(store, workspace, names(131, 132))
    await until(() => late.seen.length >= 2 && early.seen.length >= 129)
    expect([late.seen, early.seen]).toEqual([names(131, 132), names(4, 132)])
    for (const { controller, ended, subscription } of [late, early]) {
      controller.abort()
      expect(await ended).toBeUndefined()
      expect(subscription.position).toBe(132)
    }
  })

  it('wakes within a fraction of the time after which it would look again [I-21]', async () => {
    const workspace = await store.workspace()
    const { seen } = await follow(store, { workspace })
    await write(store, workspace, names(1, 1))
    await until(() => seen.length === 1, 4_000)
  })

  it('misses and repeats nothing while several write at once', async () => {
    const workspace = await store.workspace()
    const { seen } = await follow(store, { workspace })
    await Promise.all(Array.from({ length: 20 }, (_, n) => write(store, workspace, names(n * 10, n * 10 + 9))))
    await until(async () => {
      await sealWorkspace(createPorts(store.database), workspace)
      return seen.length >= 200
    })
    expect([...seen].sort()).toEqual([...names(0, 199)].sort())
  })

  it('shows only the rows of the named agents, and moves on past the others', async () => {
    const workspace = await store.workspace()
    await write(store, workspace, [...names(1, 60, 'b'), 'a-1'])
    const { seen, subscription } = await follow(store, { workspace, only: ['a'], after: 0 })
    await write(store, workspace, names(61, 70, 'b'))
    await until(() => subscription.position === 71)
    expect(seen).toEqual(['a-1'])
  })

  it('reads no further than its reader', async () => {
    const workspace = await store.workspace()
    await write(store, workspace, names(1, 120))
    const { subscription } = await subscribe(store, { workspace, after: 0 })
    const taken: JournalEntry[] = []
    for await (const entry of subscription) {
      taken.push(entry)
      if (taken.length === 2) break
    }
    expect(subscription.position).toBe(2)
  })

  it('ends with its signal in the middle of a page', async () => {
    const workspace = await store.workspace()
    await write(store, workspace, names(1, 20))
    const { subscription, controller } = await subscribe(store, { workspace, after: 0 })
    const taken: JournalEntry[] = []
    for await (const entry of subscription) {
      taken.push(entry)
      controller.abort()
    }
    expect([taken.length, subscription.position]).toEqual([1, 1])
  })

  it('refuses a place that the journal has not reached, and what is no place [I-31]', async () => {
    const workspace = await store.workspace()
    await write(store, workspace, names(1, 2))
    await expect(subscribe(store, { workspace, after: 3 })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(subscribe(store, { workspace, after: -1 })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(subscribe(store, { workspace, after: 0.5 })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('ends with a code as soon as the journal is closed', async () => {
    const workspace = await store.workspace()
    let closed = false
    const { journal, ended } = await follow(store, { workspace }, () => closed)
    closed = true
    await journal.close()
    expect(await ended).toMatchObject({ code: 'GOVERNOR_CLOSED' })
  })

  it('shows nothing of another workspace [I-34]', async () => {
    const [workspace, other] = [await store.workspace(), await store.workspace()]
    const { seen } = await follow(store, { workspace, after: 0 })
    await write(store, other, names(1, 5))
    await write(store, workspace, ['a-last'])
    await until(() => seen.length > 0)
    expect(seen).toEqual(['a-last'])
  })
})
