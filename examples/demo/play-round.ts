import { setTimeout as sleep } from 'node:timers/promises'
import type { ControlScope, Governor } from '@preceptor/client'
import { FLEET, type FleetAgent, PAUSED, SUPERVISOR } from './fleet.ts'
import { type HttpClient, httpClient } from './http-client.ts'
import { sendSteps } from './http-fleet.ts'
import { issueRoundKeys, revokeRoundKeys } from './keys.ts'
import { runTask } from './langchain-fleet.ts'
import type { Log } from './log.ts'
import { assistSteps } from './mcp-fleet.ts'
import type { Model } from './model.ts'
import { actByHand, attemptRefused } from './refusals.ts'
import type { Shop } from './shop.ts'
import { refundOf, type Step, stepsOf } from './steps.ts'
import { syncStock } from './stock-sync.ts'
import { openConsole } from './supervisor-console.ts'
import { watchDecisions } from './watch-decisions.ts'

/** What a round is played with. */
export interface Stage {
  readonly governor: Governor
  /** The host itself, which administers. */
  readonly system: ControlScope
  /** Address of the server that serves the shop and the API. */
  readonly server: string
  readonly shop: Shop
  readonly model: Model
  readonly log: Log
  /** Part of every idempotency key. */
  readonly round: string
  readonly progress: (line: string) => void
}

interface Clients {
  readonly agents: ReadonlyMap<string, HttpClient>
  /** Credentials of the agents, for their MCP clients. */
  readonly credentials: ReadonlyMap<string, string>
  readonly supervisor: HttpClient
  readonly person: HttpClient
  readonly sync: HttpClient
}

/**
 * Plays a round: with a supervisor present all agents attempt everything, then what must be refused is attempted, then
 * the supervisor leaves and the supervised agent tries again. Gives the sessions that were watched.
 */
export async function playRound(stage: Stage): Promise<{ readonly watched: number; readonly explained: number }> {
  const { system, progress, round, log, shop } = stage
  const clients = await connectClients(stage)
  const console = await openConsole(clients.supervisor, SUPERVISOR)
  try {
    progress(
      'supervisor sam is online; four agents attempt the same four actions, through LangChain, over HTTP and over MCP',
    )
    await Promise.all(FLEET.flatMap((agent) => attemptAll(stage, clients, { agent, steps: stepsOf(agent) })))
    progress('a person acts by hand, a service brings a batch, and what must be refused is attempted')
    await actByHand({ ...clients, log }, round)
    await syncStock({ client: clients.sync, log, shop }, round)
    await attemptRefused({ ...clients, log }, round)
    await Promise.all(attemptAll(stage, clients, { agent: PAUSED, steps: [refundOf(PAUSED.order)] }))
  } finally {
    await console.leave()
  }
  progress('supervisor sam leaves; the supervised agent tries again')
  await nobodyIsLeft(clients.person)
  const late = FLEET.filter(({ maturity }) => maturity === 'supervised')
  await Promise.all(
    late.flatMap((agent) => attemptAll(stage, clients, { agent, steps: [refundOf(agent.order)], name: 'late' })),
  )
  const explained = await explainAll(clients.person, log)
  await revokeRoundKeys(system)
  return { watched: console.watched.size, explained }
}

async function connectClients({ server, system }: Stage): Promise<Clients> {
  const keys = await issueRoundKeys(system)
  return {
    agents: new Map([...keys.agents].map(([id, key]) => [id, httpClient(server, key)])),
    credentials: keys.agents,
    supervisor: httpClient(server, keys.supervisor),
    person: httpClient(server, keys.person),
    sync: httpClient(server, keys.sync),
  }
}

/** All ways of an agent to the same steps. */
function attemptAll(
  { governor, server, shop, model, log, round }: Stage,
  { agents, credentials }: Clients,
  {
    agent,
    steps,
    name = 'day',
  }: { readonly agent: FleetAgent; readonly steps: readonly Step[]; readonly name?: string },
): readonly Promise<void>[] {
  const client = agents.get(agent.id)
  const credential = credentials.get(agent.id)
  if (client === undefined || credential === undefined) throw new Error(`The agent ${agent.id} has no credential.`)
  const task = { id: `${round}-${name}-${agent.id}`, agent, steps }
  const watched = watchDecisions(governor, (decision, ran) => log.add(decision, { adapter: 'langchain', ran }))
  return [
    runTask({ governor: watched, shop, model: model.model }, task),
    sendSteps({ client, log }, task).then(() => assistSteps({ server, credential, log, shop }, task)),
  ]
}

const PATIENCE_MS = 10_000
const LOOK_EVERY_MS = 100

async function nobodyIsLeft(client: HttpClient): Promise<void> {
  const until = Date.now() + PATIENCE_MS
  while (Date.now() < until) {
    const { items } = await client.require({ method: 'get', path: '/api/users/available-supervisors' })
    if (Array.isArray(items) && items.length === 0) return
    await sleep(LOOK_EVERY_MS)
  }
  // Somebody really watches: then the attempts that follow are supervised, which is the truth.
}

/** Reads every decision back from the API: each one is durable and explained. */
async function explainAll(client: HttpClient, { rows }: Log): Promise<number> {
  const ids = new Set(rows.map(({ id }) => id))
  const until = Date.now() + PATIENCE_MS
  for (const id of ids) {
    // Safe runs of autonomous agents are written within some milliseconds after their answer.
    while ((await client.send({ method: 'get', path: `/api/decisions/${id}` })).status === 404 && Date.now() < until) {
      await sleep(LOOK_EVERY_MS)
    }
    await client.require({ method: 'get', path: `/api/decisions/${id}` })
  }
  return ids.size
}
