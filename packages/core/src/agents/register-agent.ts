import { type Agent, type AgentRegistration, GovernanceError } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { bandOf, floorOf, STARTING_CONFIDENCE } from '../maturity/levels.ts'
import { assertAgentId } from './agent-id.ts'
import { getAgent } from './get-agent.ts'
import { insertAgent, type NewAgent } from './store.ts'

const digest = z.string().regex(/^[0-9a-f]{64}$/)
const input = z.strictObject({
  id: z.string(),
  displayName: z.string().min(1).max(200).optional(),
  category: z.string().min(1).max(100).optional(),
  specialty: z.string().min(1).max(100).optional(),
  ownerId: z.string().min(1).max(200).optional(),
  capabilities: z.array(z.string().min(1).max(128)).max(200).optional(),
  fingerprint: z
    .strictObject({
      version: z.string().min(1).max(200).optional(),
      model: z.string().min(1).max(200).optional(),
      instructions: digest.optional(),
      tools: digest.optional(),
    })
    .optional(),
  maturity: z.enum(['student', 'intern', 'supervised', 'autonomous']).optional(),
  confidence: z.int().min(0).max(10_000).optional(),
})

/**
 * Registers an agent. Only an administrator may set where it starts; everybody else registers a student.
 *
 * @throws GovernanceError `INPUT_INVALID`, `AGENT_EXISTS`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function registerAgent(
  context: GovernorContext,
  actor: Actor,
  registration: AgentRegistration,
): Promise<Agent> {
  authorize(actor, 'agents.register')
  const parsed = parseInput(input, registration, 'agent')
  assertAgentId(parsed.id)
  const agent: NewAgent = {
    id: parsed.id,
    displayName: parsed.displayName ?? parsed.id,
    category: parsed.category ?? null,
    specialty: parsed.specialty ?? null,
    ownerId: parsed.ownerId ?? (actor.principal.kind === 'user' ? actor.principal.id : 'system'),
    capabilities: parsed.capabilities ?? [],
    fingerprint: JSON.parse(JSON.stringify(parsed.fingerprint ?? {})),
    ...start(actor, parsed),
    entryId: context.ids.next('cfe'),
    actor: actorName(actor),
    at: isoTime(context.clock.now()),
  }
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    if (!(await insertAgent(tx, agent))) {
      throw new GovernanceError('AGENT_EXISTS', { message: `The agent "${agent.id}" is already registered.` })
    }
    await context.journal.append(tx, {
      kind: 'agent.registered',
      subject: agent.id,
      agent: agent.id,
      body: { actor: agent.actor, maturity: agent.maturity, confidence: agent.confidence, owner: agent.ownerId },
    })
    return getAgent(tx, agent.id)
  })
}

function start(
  actor: Actor,
  { maturity, confidence }: { maturity?: Agent['maturity'] | undefined; confidence?: number | undefined },
): Pick<NewAgent, 'maturity' | 'confidence'> {
  if (maturity === undefined && confidence === undefined)
    return { maturity: 'student', confidence: STARTING_CONFIDENCE }
  authorize(actor, 'agents.set_start')
  if (maturity === undefined) return { maturity: bandOf(confidence ?? 0), confidence: confidence ?? 0 }
  if (confidence !== undefined && bandOf(confidence) !== maturity) {
    throw new GovernanceError('INPUT_INVALID', {
      message: `agent: confidence ${confidence} is not in the band of ${maturity}.`,
      hint: 'State one of the two, or a confidence inside the band.',
    })
  }
  return { maturity, confidence: confidence ?? floorOf(maturity) }
}
