import type { Flow } from './failpoints.ts'
import type { RoundPlan } from './plan.ts'
import {
  CLAIMED,
  type PlannedAttempt,
  type PlannedAttempts,
  planAttempts,
  planTool,
  QUICK,
  STEADY,
} from './planned-attempts.ts'
import type { Random } from './random.ts'
import { type AgentName, ASKERS, LIMITED, type Operation, type ToolPlan } from './workload.ts'

/** Gives out what a process does, from a source of numbers alone. */
export interface OperationStream {
  /** Anything, in a mixture as from many clients. */
  next(): Operation
  /** Something that passes the fail points of a flow. */
  of(flow: Flow): Operation
}

/** What operations are drawn from. */
interface Sources {
  readonly random: Random
  readonly round: RoundPlan
  readonly attempts: PlannedAttempts
}

type Agents = readonly [AgentName, ...AgentName[]]
const FALLEN: Agents = ['fallen-1', 'fallen-2', 'fallen-3']
const HALTED: Agents = ['halted-1', 'halted-2']
const RUNNING: Agents = [...STEADY, ...HALTED, ...FALLEN]
// Longer than a claim lasts.
const SLOW: ToolPlan = { beforeMs: 3_200, afterMs: 0, checks: true, fails: 'never' }
const WITHHELD: Agents = ['learner', 'novice', 'watched-1', 'watched-2']

/** Makes the stream of a process; `name` makes its own keys unique. */
export function createOperations(random: Random, round: RoundPlan, name: string): OperationStream {
  const sources = { random, round, attempts: planAttempts(random, round, name) }
  const of = (flow: Flow): Operation => operationOf(sources, flow)
  return {
    of,
    next() {
      const draw = random.next()
      if (draw < 0.68) return anyAttempt(sources)
      if (draw < 0.87) return anyApproval(sources)
      if (draw < 0.9) return anyControl(sources)
      if (draw < 0.97) return anyRequest(sources)
      if (draw < 0.98) return { kind: 'deliver' }
      return draw < 0.99 ? of('refill') : { kind: 'wake', workspace: random.pick(round.workspaces) }
    },
  }
}

function operationOf(sources: Sources, flow: Flow): Operation {
  const { random, round, attempts } = sources
  const workspace = random.pick(round.workspaces)
  switch (flow) {
    case 'claim':
      return { ...attempts.own(random.pick(STEADY), random.pick(CLAIMED), QUICK), kind: 'guard' }
    case 'approval':
      return random.chance(0.4)
        ? attempts.own(random.pick(ASKERS), random.pick(['refund.create', 'mail.sync']), QUICK)
        : anyReview(random, round)
    case 'consequence':
      return attempts.own(random.pick(['learner', 'novice']), 'refund.create', QUICK)
    case 'demotion':
      return { kind: random.chance(0.6) ? 'demote' : 'incident', workspace, agent: random.pick(FALLEN) }
    case 'once':
      // A new key, because a repeated one is answered before it comes to the fail point.
      return { kind: 'once', workspace, key: `request-${random.between(0, 2 ** 31)}` }
    case 'shared':
      return attempts.shared()
    case 'contested':
      return attempts.contested()
    case 'halted-read':
      return { ...attempts.own(random.pick(HALTED), 'order.read', QUICK), key: null, kind: 'guard' }
    case 'asked':
      return random.chance(0.03) ? anyBlink(random, workspace) : anyApproval(sources)
    case 'deliver':
      return { kind: 'deliver' }
    case 'limit':
      return { ...attempts.own(random.pick(STEADY), LIMITED.action, QUICK), kind: 'guard' }
    case 'request':
      return anyRequest(sources)
    case 'slow':
      return { ...attempts.own(random.pick(STEADY), 'note.write', SLOW), kind: 'guard' }
    case 'supervise':
      return random.chance(0.35) ? anyIntervention(random, workspace) : attempts.watched()
    case 'pause':
      return random.chance(0.1) ? anyPause(random, workspace) : anyHalted(sources)
    case 'halt':
      return random.chance(0.2) ? anyHalt(random, workspace) : anyHalted(sources)
    case 'refill':
      return { kind: 'refill', workspace, agent: random.pick(STEADY) }
    default:
      return flow satisfies never
  }
}

function anyAttempt({ random, attempts }: Sources): PlannedAttempt {
  const draw = random.next()
  const tool = planTool(random)
  const action = random.pick(CLAIMED)
  if (draw < 0.22) return attempts.shared()
  if (draw < 0.25) return attempts.watched()
  if (draw < 0.35) return attempts.again()
  if (draw < 0.45) return { ...attempts.own(random.pick(RUNNING), 'order.read', QUICK), key: null, kind: 'guard' }
  // What is halted is tried the most where it is the easiest to miss: reads go by what a process remembers.
  if (draw < 0.52) return { ...attempts.own(random.pick(HALTED), 'order.read', QUICK), key: null, kind: 'guard' }
  if (draw < 0.55) return { ...attempts.own(random.pick(RUNNING), action, tool), key: null, kind: 'guard' }
  if (draw < 0.6) return { ...attempts.own('learner', action, tool), manual: true }
  if (draw < 0.65) return { ...attempts.own(random.pick(RUNNING), action, tool), type: 'agent_message' }
  if (draw < 0.75) return attempts.own(random.pick(WITHHELD), random.pick([action, 'order.read']), tool)
  if (draw < 0.78) return attempts.own(random.pick(RUNNING), random.pick(['table.drop', LIMITED.action]), QUICK)
  return attempts.own(random.pick(RUNNING), action, tool)
}

/** An agent that asks or comes back, a person who decides, or a worker that looks for what was approved. */
function anyApproval({ random, round, attempts }: Sources): Operation {
  const draw = random.next()
  if (draw < 0.55) return attempts.asked()
  return draw < 0.9 ? anyReview(random, round) : { kind: 'run-approved' }
}

/** A reviewer who nearly always says yes. */
function anyReview(random: Random, round: RoundPlan): Operation {
  const draw = random.next()
  const verdict = draw < 0.84 ? 'approve' : draw < 0.92 ? 'edit' : draw < 0.97 ? 'reject' : 'respond'
  const workspace = random.pick(round.workspaces)
  const looksMs = random.chance(0.3) ? random.pick([150, 500]) : 0
  const byOwner = random.chance(0.06)
  return { kind: 'review', workspace, agent: random.pick(ASKERS), verdict, draw: random.next(), looksMs, byOwner }
}

/** The same few requests from every process. */
function anyRequest({ random, round }: Sources): Operation {
  return { kind: 'once', workspace: random.pick(round.workspaces), key: `request-${random.between(0, 7)}` }
}

function anyControl({ random, round }: Sources): Operation {
  const draw = random.next()
  const workspace = random.pick(round.workspaces)
  if (draw < 0.25) return anyPause(random, workspace)
  if (draw < 0.3) return anyBlink(random, workspace)
  if (draw < 0.4) return anyIntervention(random, workspace)
  if (draw < 0.55) return { kind: 'demote', workspace, agent: random.pick(FALLEN) }
  if (draw < 0.65) return { kind: 'incident', workspace, agent: random.pick(FALLEN) }
  return anyStop(random, workspace)
}

function anyBlink(random: Random, workspace: string): Operation {
  return { kind: 'blink', workspace, agent: random.pick(ASKERS) }
}

function anyIntervention(random: Random, workspace: string): Operation {
  const draw = random.next()
  const type = draw < 0.5 ? 'pause' : draw < 0.57 ? 'resume' : draw < 0.97 ? 'correct' : 'terminate'
  return { kind: 'intervene', workspace, type, draw: random.next() }
}

function anyPause(random: Random, workspace: string): Operation {
  return { kind: random.chance(0.7) ? 'pause' : 'stop', workspace, agent: random.pick(HALTED) }
}

function anyStop(random: Random, workspace: string): Operation {
  const draw = random.next()
  const target = draw < 0.7 ? 'agent' : draw < 0.92 ? 'workspace' : 'all'
  return { kind: 'set-stop', workspace, target, agent: random.pick(HALTED) }
}

function anyHalt(random: Random, workspace: string): Operation {
  return random.chance(0.5) ? anyPause(random, workspace) : anyStop(random, workspace)
}

function anyHalted({ random, attempts }: Sources): Operation {
  const action = random.pick([...CLAIMED, 'order.read'] as const)
  return { ...attempts.own(random.pick(HALTED), action, QUICK), kind: 'guard' }
}
