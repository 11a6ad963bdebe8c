import {
  type Agent,
  type AgentOperations,
  type AgentRegistration,
  type CapabilityChoice,
  LIFECYCLES,
  MATURITIES,
  type Maturity,
} from '@preceptor/client'
import { type Command, type CommandCall, choiceOf, type ExitCode, type Flag, listOf, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { listing } from '../table.ts'
import { PAGE_FLAGS, pageQueryOf, printPage, wholeNumber } from './paging.ts'

const REASON: Readonly<Record<string, Flag>> = {
  reason: { value: '<text>', summary: 'why; it is kept in the journal', required: true },
}

const list: Command = {
  name: 'agents list',
  words: [],
  summary: 'List the agents',
  flags: {
    ...CONNECTION_FLAGS,
    ...PAGE_FLAGS,
    maturity: { value: '<level>', summary: 'only of this maturity', choices: MATURITIES },
    lifecycle: { value: '<state>', summary: 'only in this state', choices: LIFECYCLES },
  },
  async run(call) {
    const [maturity, lifecycle] = [choiceOf(call, 'maturity', MATURITIES), choiceOf(call, 'lifecycle', LIFECYCLES)]
    const query = {
      ...pageQueryOf(call),
      ...(maturity === undefined ? {} : { maturity }),
      ...(lifecycle === undefined ? {} : { lifecycle }),
    }
    const { scope } = await connect(call)
    await printPage(call, await scope.agents.list(query), {
      noun: 'agents',
      headings: ['AGENT', 'MATURITY', 'CONFIDENCE', 'LIFECYCLE', 'OWNER'],
      row: (agent) => [agent.id, agent.maturity, scoreOf(agent), agent.lifecycle, agent.ownerId],
    })
    return 0
  },
}

const get: Command = {
  name: 'agents get',
  words: ['ID'],
  summary: 'Show an agent',
  flags: CONNECTION_FLAGS,
  run: (call) => perform(call, (agents, id) => agents.get(id)),
}

const register: Command = {
  name: 'agents register',
  words: ['ID'],
  summary: 'Register an agent',
  flags: {
    ...CONNECTION_FLAGS,
    name: { value: '<text>', summary: 'name for people' },
    owner: { value: '<user>', summary: 'who answers for it, or system; default you' },
    maturity: { value: '<level>', summary: 'set by an administrator; default student', choices: MATURITIES },
    confidence: { value: '<number>', summary: 'basis points, 0 to 10000; default 3000' },
    category: { value: '<text>', summary: 'what kind of agent it is' },
    specialty: { value: '<text>', summary: 'what it is good at' },
    capabilities: { value: '<names>', summary: 'its capabilities, with commas between' },
  },
  async run(call) {
    const registration = registrationOf(call)
    return perform(call, (agents, id) => agents.register({ id, ...registration }))
  },
}

/** Commands on one agent that need nothing but a reason. */
const acts: readonly Command[] = (
  [
    ['pause', 'Pause an agent: it runs nothing until it is resumed'],
    ['resume', 'Let a paused or stopped agent run again'],
    ['stop', 'Stop an agent, and what it runs'],
  ] as const
).map(([verb, summary]) => ({
  name: `agents ${verb}`,
  words: ['ID'],
  summary,
  flags: { ...CONNECTION_FLAGS, ...REASON },
  run: (call) => perform(call, (agents, id) => agents[verb](id, textOf(call, 'reason') ?? '')),
}))

const CAPABILITY = {
  capability: { value: '<name>', summary: 'at which capability, where the policy trusts each by itself' },
} as const

const promote: Command = {
  name: 'agents promote',
  words: ['ID'],
  summary: 'Promote an agent by one step; not for its owner to do',
  flags: { ...CONNECTION_FLAGS, ...CAPABILITY, ...REASON },
  run: (call) => perform(call, (agents, id) => agents.promote(id, textOf(call, 'reason') ?? '', placeOf(call))),
}

const demote: Command = {
  name: 'agents demote',
  words: ['ID'],
  summary: 'Demote an agent by any number of steps, at once',
  flags: {
    ...CONNECTION_FLAGS,
    to: { value: '<level>', summary: 'its maturity from now on', required: true, choices: MATURITIES },
    ...CAPABILITY,
    ...REASON,
  },
  run: (call) =>
    perform(call, (agents, id) => {
      const to: Maturity = choiceOf(call, 'to', MATURITIES) ?? 'student'
      return agents.demote(id, to, textOf(call, 'reason') ?? '', placeOf(call))
    }),
}

/** `preceptor agents …`. */
export const agentCommands: readonly Command[] = [list, get, register, ...acts, promote, demote]

function placeOf(call: CommandCall): CapabilityChoice {
  const capability = textOf(call, 'capability')
  return capability === undefined ? {} : { capability }
}

async function perform(
  call: CommandCall,
  work: (agents: AgentOperations, id: string) => Promise<Agent>,
): Promise<ExitCode> {
  const { scope } = await connect(call)
  const [id = ''] = call.words
  const agent = await work(scope.agents, id)
  await call.print({ text: describe(agent), json: agent })
  return 0
}

function registrationOf(call: CommandCall): Omit<AgentRegistration, 'id'> {
  const texts = { displayName: 'name', ownerId: 'owner', category: 'category', specialty: 'specialty' }
  const given = Object.entries(texts).map(([field, flag]) => [field, textOf(call, flag)] as const)
  const [maturity, confidence] = [choiceOf(call, 'maturity', MATURITIES), textOf(call, 'confidence')]
  const capabilities = listOf(call, 'capabilities')
  return {
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    ...(maturity === undefined ? {} : { maturity }),
    ...(confidence === undefined ? {} : { confidence: wholeNumber('confidence', confidence, { from: 0, to: 10_000 }) }),
    ...(capabilities === undefined ? {} : { capabilities }),
  }
}

function describe(agent: Agent): string {
  return listing([
    ['Agent', agent.displayName === agent.id ? agent.id : `${agent.id} (${agent.displayName})`],
    ['Maturity', agent.fingerprintCapped ? `${agent.maturity}, intern at most until it is attested` : agent.maturity],
    ['Confidence', scoreOf(agent)],
    ['Lifecycle', agent.lifecycle],
    ['Owner', agent.ownerId],
    ['Capabilities', agent.capabilities.length === 0 ? 'none named' : agent.capabilities.join(', ')],
    ['Epoch', String(agent.epoch)],
    ['Updated', agent.updatedAt],
  ])
}

function scoreOf({ confidence }: Agent): string {
  return (confidence / 10_000).toFixed(4)
}
