import { afterEach, expect, it } from 'vitest'
import { Bus } from './bus.ts'
import {
  createPorts,
  describeOnEachStore,
  describeOnPostgres,
  type TestStore,
  until,
} from './each-store.test.helper.ts'
import { sealWorkspace } from './seal.ts'

const open: Bus[] = []

afterEach(async () => {
  for (const bus of open.splice(0)) await bus.close()
})

function openBus(database: TestStore['database']): Bus {
  const bus = new Bus(createPorts(database))
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
    const ends = [
      bus.subscribe('journal', one, () => heard.push('one')),
      bus.subscribe('journal', other, () => heard.push('other')),
    ]
    bus.publish('journal', one)
    expect(heard).toEqual(['one'])
    for (const end of ends) end()
    bus.publish('journal', one)
    expect(heard).toEqual(['one'])
  })

  it('hears of seals that were made elsewhere', async () => {
    const workspace = await store.workspace()
    const bus = openBus(await store.another())
    let heard = 0
    bus.subscribe('journal', workspace, () => {
      heard += 1
    })
    await until(async () => {
      await sealOne(store, workspace)
      return heard > 0
    })
  })
})

describeOnEachStore('topics of the bus', (store) => {
  it('are told of everywhere, and to nobody twice [WS-5]', async () => {
    const [near, far] = [openBus(store.database), openBus(await store.another())]
    const heard: string[] = []
    near.subscribe('topics', 'w1 s', () => heard.push('near'))
    far.subscribe('topics', 'w1 s', () => heard.push('far'))
    far.subscribe('topics', 'w2 s', () => heard.push('another workspace'))
    far.subscribe('journal', 'w1 s', () => heard.push('another channel'))
    await until(() => near.isHearing && far.isHearing)
    heard.length = 0
    near.tell('w1 s')
    expect(heard).toEqual(['near'])
    await until(() => heard.length > 1)
    far.tell('w1 s')
    await until(() => heard.length > 3)
    expect(heard.toSorted()).toEqual(['far', 'far', 'near', 'near'])
  })

  it('are told of while it closes', async () => {
    const [near, far] = [openBus(store.database), openBus(await store.another())]
    let heard = 0
    far.subscribe('topics', 'last', () => {
      heard += 1
    })
    await until(() => far.isHearing)
    heard = 0
    near.tell('last')
    await near.close()
    await until(() => heard === 1)
  })
})

describeOnPostgres('journal bus through an outage', (store) => {
  it('knows when it hears nothing, and wakes everybody when it hears again [WS-5]', async () => {
    const database = await store.another()
    const bus = openBus(database)
    let woken = 0
    bus.subscribe('topics', 'nobody tells of it', () => {
      woken += 1
    })
    await until(() => bus.isHearing)
    expect(woken).toBe(1)
    const end = await store.outage()
    await until(() => !bus.isHearing)
    await end()
    await until(() => bus.isHearing, 15_000)
    expect(woken).toBe(2)
  })

  it('listens again by itself', async () => {
    const workspace = await store.workspace()
    const bus = openBus(await store.another())
    let heard = 0
    bus.subscribe('journal', workspace, () => {
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
