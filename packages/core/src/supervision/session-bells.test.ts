import { afterEach, expect, it } from 'vitest'
import { inWorkspace } from '../database/transaction.ts'
import { Bus } from '../journal/bus.ts'
import { createPorts, describeOnPostgres, type TestStore, until } from '../journal/each-store.test.helper.ts'
import { addSessionEvents } from './add-session-events.ts'
import { type OpenSessionBells, openSessionBells } from './session-bells.ts'

const AT = '2026-01-02T03:04:05Z'
const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface Bells {
  readonly bells: OpenSessionBells
  readonly bus: Bus
}

function bellsOn(database: TestStore['database']): Bells {
  const bus = new Bus(createPorts(database))
  const bells = openSessionBells(database, bus)
  closing.push(async () => {
    await bells.close()
    await bus.close()
  })
  return { bells, bus }
}

async function addSession(store: TestStore, workspace: string): Promise<string> {
  const id = `ses_${workspace}`
  // The bells look at the number of events; the agent and the run do not matter to them.
  await store.asOwner(
    `begin; set local session_replication_role to replica;
     insert into supervision_sessions (id, workspace_id, agent_id, run, decision_id, action, args_hash, state, created_at)
     values ('${id}', '${workspace}', 'bot', 'run', 'dec', 'wire.send', 'x', 'running', '${AT}'); commit`,
  )
  return id
}

describeOnPostgres('the bells of a session', (store) => {
  const say = (sessionBells: OpenSessionBells, workspace: string, session: string): Promise<void> =>
    inWorkspace(store.database, { workspace }, (tx) =>
      addSessionEvents({ sessionBells }, tx, { session, events: [{ kind: 'output', body: {} }], at: AT }),
    )

  it('ring in another process for what was committed, far sooner than anybody looks [WS-5, I-21]', async () => {
    const workspace = await store.workspace()
    const id = await addSession(store, workspace)
    const [near, far] = [bellsOn(store.database), bellsOn(await store.another())]
    let ring = (): void => undefined
    far.bells.subscribe(workspace, id, () => ring())
    await until(() => far.bus.isHearing)
    const times: number[] = []
    for (let round = 0; round < 9; round += 1) {
      const rung = new Promise<void>((resolve) => {
        ring = resolve
      })
      await say(near.bells, workspace, id)
      const since = performance.now()
      await rung
      times.push(performance.now() - since)
    }
    expect(times.toSorted((one, other) => one - other)[4]).toBeLessThan(60)
  })

  it('ring for it, too, where no hint is heard [WS-5, I-21]', async () => {
    const workspace = await store.workspace()
    const id = await addSession(store, workspace)
    const [near, far] = [bellsOn(store.database), bellsOn(await store.another())]
    await far.bus.close()
    let rung = 0
    far.bells.subscribe(workspace, id, () => {
      rung += 1
    })
    await say(near.bells, workspace, id)
    await until(() => rung === 1, 2_000)
  })
})
