import type { RoundPlan } from './plan.ts'
import type { Random } from './random.ts'
import { type ActionName, type AgentName, ASKERS, type Operation, type ToolPlan } from './workload.ts'

/** One attempt of an action. */
export type PlannedAttempt = Extract<Operation, { readonly kind: 'guard' | 'claim' | 'decide' }>

/** Gives out attempts, from a source of numbers alone. */
export interface PlannedAttempts {
  /** A new attempt with a key of its own. */
  own(agent: AgentName, action: ActionName, tool: ToolPlan): PlannedAttempt
  /** The same attempt as from any other process: agent, action and args follow from the number of the key. */
  shared(): PlannedAttempt
  /** The same long attempt as from any other process, which takes it over where this one stands still. */
  contested(): PlannedAttempt
  /** The same attempt as from any other process, of an agent that must ask for it. */
  asked(): PlannedAttempt
  /** A step of a run that many processes take part in, and that somebody has to watch. */
  watched(): PlannedAttempt
  /** Once more an attempt that this process made before. */
  again(): PlannedAttempt
}

type Some<T> = readonly [T, ...T[]]

export const QUICK: ToolPlan = { beforeMs: 0, afterMs: 0, checks: false, fails: 'never' }
export const STEADY: Some<AgentName> = ['steady-1', 'steady-2', 'steady-3']
export const CLAIMED: Some<ActionName> = ['note.write', 'record.put', 'refund.create', 'mail.sync']
const SHARED_KEYS = 60
// An attempt is new for so long; every process goes on asking for those of a while ago.
const CONTESTED_MS = 1_500
const CONTESTED_FOR = 3
const CONTESTED_KEYS = 3
const LONG: ToolPlan = { ...QUICK, beforeMs: 1_200 }
const ASKED_KEYS = 30
const ASKED: Some<ActionName> = ['refund.create', 'mail.sync', 'reply.send', 'table.drop']
const WATCHED: Some<AgentName> = ['watched-1', 'watched-2']
const RUNS = 4
const STEPS_OF_RUN = 24
const REMEMBERED = 20

/** What a tool does besides its effect: mostly nothing. */
export function planTool(random: Random): ToolPlan {
  return {
    beforeMs: random.chance(0.25) ? random.pick([5, 20, 60, 200, 900]) : 0,
    afterMs: random.chance(0.2) ? random.pick([5, 20, 80]) : 0,
    checks: random.chance(0.2),
    fails: random.chance(0.7) ? 'never' : random.pick(['before', 'after', 'control']),
  }
}

/** Makes the attempts of a process; `name` makes its own keys unique. */
export function planAttempts(random: Random, round: RoundPlan, name: string): PlannedAttempts {
  const recent: PlannedAttempt[] = []
  let counter = 0

  function shared(): PlannedAttempt {
    const number = random.between(0, SHARED_KEYS - 1)
    const tool = planTool(random)
    return {
      kind: 'guard',
      workspace: round.workspaces[number % 2] ?? round.workspaces[0],
      agent: STEADY[number % STEADY.length] ?? STEADY[0],
      action: CLAIMED[number % CLAIMED.length] ?? CLAIMED[0],
      // Now and then the key comes with other args, which must not run.
      args: { n: random.chance(0.05) ? -1 : number, by: 'anybody' },
      key: `shared-${number}`,
      type: null,
      run: null,
      manual: false,
      tool,
    }
  }

  function asked(): PlannedAttempt {
    const number = random.between(0, ASKED_KEYS - 1)
    const workspace = round.workspaces[number % 2] ?? round.workspaces[0]
    const action = ASKED[number % ASKED.length] ?? ASKED[0]
    return {
      kind: action === 'reply.send' ? 'decide' : random.chance(0.2) ? 'claim' : 'guard',
      workspace,
      agent: ASKERS[number % ASKERS.length] ?? ASKERS[0],
      action,
      // Whoever runs it for the agent is told the workspace by this.
      args: { n: number, by: 'anybody', ws: workspace },
      key: `asked-${number}`,
      type: null,
      run: null,
      manual: false,
      tool: planTool(random),
    }
  }

  return {
    asked,
    watched: planWatched(random, own),
    contested: planContested(random, round, own),
    own,
    shared,
    again: () => recent[random.between(0, Math.max(0, recent.length - 1))] ?? shared(),
  }

  function own(agent: AgentName, action: ActionName, tool: ToolPlan): PlannedAttempt {
    counter += 1
    const attempt: PlannedAttempt = {
      kind: random.chance(0.12) ? 'claim' : 'guard',
      workspace: random.pick(round.workspaces),
      agent,
      action,
      args: { n: counter, by: name },
      key: `${name}-${counter}`,
      type: null,
      run: null,
      manual: false,
      tool,
    }
    recent.push(attempt)
    if (recent.length > REMEMBERED) recent.shift()
    return attempt
  }
}

/** What is new for a short while: the place of the moment, or of one shortly before. */
function planContested(random: Random, round: RoundPlan, own: PlannedAttempts['own']): () => PlannedAttempt {
  return () => {
    const place = Math.floor(Date.now() / CONTESTED_MS) - random.between(0, CONTESTED_FOR)
    const number = random.between(0, CONTESTED_KEYS - 1)
    return {
      ...own(STEADY[number % STEADY.length] ?? STEADY[0], 'record.put', LONG),
      kind: 'guard',
      workspace: round.workspaces[number % 2] ?? round.workspaces[0],
      args: { n: number, by: 'anybody' },
      key: `contested-${place}-${number}`,
    }
  }
}

/** After some steps there are other runs: those that were terminated stay so. */
function planWatched(random: Random, own: PlannedAttempts['own']): () => PlannedAttempt {
  let steps = 0
  return () => {
    const tool = { ...QUICK, beforeMs: random.pick([0, 300, 1_000, 1_500]), checks: random.chance(0.6) }
    const number = random.between(0, RUNS - 1)
    const agent = WATCHED[number % WATCHED.length] ?? WATCHED[0]
    const run = `run-${Math.floor(steps / STEPS_OF_RUN)}-${number}`
    steps += 1
    return { ...own(agent, 'refund.create', tool), kind: 'guard', run }
  }
}
