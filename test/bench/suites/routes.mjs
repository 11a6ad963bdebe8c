import { createGovernor } from '@preceptor/core'
import { assertRoute } from '../open-gate.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { reported } from '../table.mjs'

const EACH = 400
/** Asked about first, and not counted: what is measured is a process at work, with nothing known of the agents. */
const WARM_UP = 50
const MOST_MS = 5
const WORKSPACE = 'default'
const ADMIN = { workspace: WORKSPACE, principal: { kind: 'user', id: 'root', roles: ['admin'] } }
const ACTIONS = { 'order.read': { risk: 'safe' }, 'note.write': { risk: 'medium' }, 'mail.post': { risk: 'high' } }

/** Agents and what they attempt, by the route that it takes. */
const ROUTES = {
  training: { agent: 'learner', maturity: 'student', action: 'note.write' },
  proposal: { agent: 'asker', maturity: 'intern', action: 'mail.post' },
  supervision: { agent: 'watched', maturity: 'supervised', action: 'mail.post' },
  execution: { agent: 'runner', maturity: 'autonomous', action: 'note.write' },
  denied: { agent: 'stopped', maturity: 'autonomous', action: 'note.write' },
}

/**
 * The time until a route is chosen, without what follows from it: `check` rules as `decide` does and writes nothing. What
 * goes to the queue is supervision, too, until somebody is looked for who can watch. Every agent is asked about once, so that
 * nothing is known of it yet, and once more.
 */
export async function routes() {
  const server = await openPostgres()
  const governor = await createGovernor({
    database: server.url,
    migrate: true,
    actions: ACTIONS,
    report: () => undefined,
  })
  try {
    const admin = governor.as(ADMIN)
    const found = []
    for (const [route, { agent, maturity, action }] of Object.entries(ROUTES)) {
      const ids = Array.from({ length: WARM_UP + EACH }, (_, index) => `${agent}-${index}`)
      for (const id of ids) await admin.agents.register({ id, maturity, ownerId: 'system' })
      if (route === 'denied') for (const id of ids) await admin.agents.stop(id, 'It must not act.')
      found.push({ route, times: await timesOf(governor, { route, ids, action }) })
    }
    return found.flatMap(rowsOf)
  } finally {
    await governor.close()
    await server.close()
  }
}

async function timesOf(governor, { route, ids, action }) {
  const ask = async (id) => {
    const scope = governor.as({ workspace: WORKSPACE, principal: { kind: 'agent', id, roles: [] } })
    const from = performance.now()
    const decision = await scope.check({ agent: id, action, args: { note: 'n' } })
    const took = performance.now() - from
    assertRoute(decision, route)
    return took
  }
  const cold = []
  for (const id of ids) cold.push(await ask(id))
  cold.splice(0, WARM_UP)
  const warm = []
  for (const id of ids) warm.push(await ask(id))
  return { cold, warm }
}

function rowsOf({ route, times: { cold, warm } }) {
  const p99 = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length * 0.99)]
  const [coldest, warmest] = [p99(cold), p99(warm)]
  return [
    {
      ...{ name: `route ${route} chosen, nothing known before, p99`, ours: coldest, peer: null, limit: null },
      ...{ ratio: coldest / MOST_MS, goal: `< ${MOST_MS} ms`, moonshot: '-', met: coldest < MOST_MS, unit: 'ms' },
    },
    reported({ name: `route ${route} chosen again, p99`, ours: warmest, other: null, unit: 'ms' }),
  ]
}
