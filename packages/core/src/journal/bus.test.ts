import { afterEach, expect, it } from 'vitest'
import { JournalBus } from './bus.ts'
import {
  createPorts,
  describeOnEachStore,
  describeOnPostgres,
  type TestStore,
  until,
} from './each-store.test.helper.ts'
import { sealWorkspace } from './seal.ts'

const open: JournalBus[] = []

afterEach(async () => {
  for (const bus of open.splice(0)) await bus.close()
})

function openBus(database: TestStore['database']): JournalBus {
  const bus = new JournalBus(database.pool)
  open.push(bus)
  return bus
}

async function sealOne(store: TestStore, workspace: string): Promise<void> {
  await store.asOwner(
    `insert into journal (id, workspace_id, kind, subject_id, body, recorded_at)
     values ('jrn_' || gen_random_uuid(), $1, 'agent.changed', 's', '{"actor":"user:ana"}', '2026-01-02T03:04:05Z')`,
    [workspace],
  )
  await sealWorkspace(createPorts(store.database), workspace)
}

describeOnEachStore('journal bus', (store) => {
  it('tells subscribers of the workspace, and nobody else, until they end it', async () => {
    const [one, other] = [await store.workspace(), await store.workspace()]
    const bus = openBus(store.database)
    const heard: string[] = []
    const ends = [bus.subscribe(one, () => heard.push('one')), bus.subscribe(other, () => heard.push('other'))]
    bus.publish(one)
    expect(heard).toEqual(['one'])
    for (const end of ends) end()
    bus.publish(one)
    expect(heard).toEqual(['one'])
  })

  it('hears of seals that were made elsewhere', async () => {
    const workspace = await store.workspace()
    const bus = openBus(await store.another())
    let heard = 0
    bus.subscribe(workspace, () => {
      heard += 1
    })
    await until(async () => {
      await sealOne(store, workspace)
      return heard > 0
    })
  })
})

describeOnPostgres('journal bus through an outage', (store) => {
  it('listens again by itself', async () => {
    const workspace = await store.workspace()
    const bus = openBus(await store.another())
    let heard = 0
    bus.subscribe(workspace, () => {
      heard += 1
    })
    await until(async () => {
      await sealOne(store, workspace)
      return heard > 0
    })
    const end = await store.outage()
    await end()
    heard = 0
    await until(async () => {
      await sealOne(store, workspace).catch(() => undefined)
      return heard > 0
    }, 15_000)
  })
})
