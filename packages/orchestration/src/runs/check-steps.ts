import { type Assessment, GovernanceError, type JsonObject } from '@preceptor/client'
import { type Actor, inWorkspace, isCatalogued } from '@preceptor/core/plugin'
import type { AgentStep, ApiCallStep, ApprovalStep, WorkflowStep } from '../client/workflow-definition.ts'
import type { ExpectedStep } from '../client/workflows.ts'
import { isObject } from '../definitions/expressions.ts'
import type { WorkflowPlan } from '../definitions/graph.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { actorFor } from '../steps/engine-actor.ts'
import { actionOf } from './actions-of-steps.ts'

/** A run that is to begin. */
export interface CheckRequest {
  readonly actor: Actor
  readonly plan: WorkflowPlan
  readonly delegation: readonly string[]
}

// What goes by the args cannot be told before they are there.
const BY_ARGS: ReadonlySet<string> = new Set(['CONDITION_FAILED', 'LIMIT_EXCEEDED'])

/**
 * Asks the gate, without any effect, about every step that a run can come to; gives how each would be decided now.
 *
 * @throws GovernanceError `WORKFLOW_REFUSED` naming each step that would be trained or denied.
 */
export async function checkSteps(
  ports: Pick<EnginePorts, 'gate' | 'context'>,
  request: CheckRequest,
): Promise<readonly ExpectedStep[]> {
  const { plan } = request
  const first = plan.first(null)
  const reachable = new Set(first === null ? [] : [first, ...plan.reachableFrom(first)])
  const steps = plan.ids.filter((id) => reachable.has(id)).flatMap((id) => plan.step(id) ?? [])
  const expected: ExpectedStep[] = []
  const problems: JsonObject[] = []
  for (const step of steps.filter(isAttempt)) {
    const checked = await checkStep(ports, request, step)
    expected.push(checked.expected)
    if (checked.problem !== null) problems.push({ ...checked.expected, ...checked.problem })
  }
  if (problems.length === 0) return expected
  const said = problems.map(({ step, reason }) => `${String(step)}: ${String(reason)}`).join(' ')
  throw new GovernanceError('WORKFLOW_REFUSED', {
    message: `The run cannot begin. ${said}`,
    details: { steps: problems },
  })
}

function isAttempt(step: WorkflowStep): step is AgentStep | ApiCallStep | ApprovalStep {
  return step.type === 'agent' || step.type === 'api_call' || step.type === 'approval'
}

async function checkStep(
  { gate, context }: Pick<EnginePorts, 'gate' | 'context'>,
  { actor, plan, delegation }: CheckRequest,
  step: AgentStep | ApiCallStep | ApprovalStep,
): Promise<{ readonly expected: ExpectedStep; readonly problem: JsonObject | null }> {
  const agent = step.agent ?? plan.definition.agent
  const action = actionOf(step)
  const known = knownArgs(step)
  const chain = delegation.filter((id) => id !== agent)
  const trigger = {
    agent,
    action,
    args: known ?? {},
    ...(step.type === 'agent' ? { type: 'workflow_trigger' } : {}),
    ...(step.type === 'agent' && step.digest !== undefined ? { digest: step.digest } : {}),
    ...(chain.length === 0 ? {} : { delegation: chain }),
  }
  const asked = await gate.check(actorFor(actor.workspace, actor.principal, agent), trigger, {
    anyArgs: known === null,
  })
  const { route, code, reason, maturity } = asked
  const expected = { step: step.id, agent, action, route, maturity }
  if (code === 'ACTION_UNKNOWN' && (await isElsewhere({ context }, actor, action))) {
    return { expected: { ...expected, route: null }, problem: null }
  }
  return { expected, problem: isRefusal(asked, known === null) ? { code, reason } : null }
}

function isRefusal({ route, code }: Assessment, anyArgs: boolean): boolean {
  if (route === 'training') return true
  return route === 'denied' && !(anyArgs && code !== null && BY_ARGS.has(code))
}

/** Another process of the plane may have what this one has not registered; it decides when the step comes. */
function isElsewhere({ context }: Pick<EnginePorts, 'context'>, { workspace }: Actor, name: string): Promise<boolean> {
  return inWorkspace(context.database, { workspace }, (tx) => isCatalogued(tx, name))
}

/** The args of a step where they are written down; null where they are known only when it comes to the step. */
function knownArgs(step: AgentStep | ApiCallStep | ApprovalStep): JsonObject | null {
  if (step.type !== 'agent' || JSON.stringify(step.args ?? {}).includes('"$cel"')) return null
  const { args = {} } = step
  return isObject(args) ? args : null
}
