import type { JsonObject, TrainingProposal } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { getAgent } from '../agents/get-agent.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { chatModelName } from '../models/chat-model.ts'
import { assertNotInvolved } from '../training/assert-not-involved.ts'
import { listBlockedTriggers } from '../training/blocked-store.ts'
import { getTrainingProposal, trainingDecided } from '../training/decide-training.ts'
import { planCourse } from '../training/plan-training.ts'
import { redesignTrainingProposal } from '../training/proposal-store.ts'
import { scenarioCatalogue } from '../training/scenario-catalogue.ts'
import { pastTrainings } from '../training/session-store.ts'
import { type CourseDesign, type CourseNeed, designByRules } from './course-design.ts'
import { designByModel } from './design-by-model.ts'
import type { MetaAgentDependencies } from './meta-agent-dependencies.ts'

const MOST_BLOCKS = 100

/**
 * Lets the meta-agent design a course anew that nobody has decided on: by the model, or by rules where there is none or
 * its design cannot be taken. The hours are those of the formula in either case.
 *
 * @throws GovernanceError `CONFLICT` when it was decided, `PERMISSION_DENIED` for who owns the agent, `NOT_FOUND`, or the
 * code of a fault.
 */
export async function designTraining(
  dependencies: MetaAgentDependencies,
  actor: Actor,
  id: string,
): Promise<TrainingProposal> {
  authorize(actor, 'training_proposals.design')
  const { context } = dependencies.training
  const scope = { workspace: actor.workspace, retry: true }
  const { need, base } = await inWorkspace(context.database, scope, (tx) => readNeed(dependencies, tx, { actor, id }))
  const { design, by, note } = await designCourse(dependencies, need)
  const plan = planOf(base, design, { by, note })
  return inWorkspace(context.database, scope, async (tx) => {
    const isOpen = await redesignTrainingProposal(tx, { id, plan, at: isoTime(context.clock.now()) })
    const proposal = await getTrainingProposal(tx, id)
    if (!isOpen) throw trainingDecided(proposal)
    const body = { actor: actorName(actor), by, note, scenarios: [...design.scenarios] }
    await context.journal.append(tx, { kind: 'training_proposal.designed', subject: id, agent: proposal.agent, body })
    return proposal
  })
}

interface Designed {
  readonly design: CourseDesign
  /** `rules`, or `model:` and its name. */
  readonly by: string
  /** Why the design of the model was not taken; null where it was, or where there is no model. */
  readonly note: string | null
}

async function designCourse({ training, model }: MetaAgentDependencies, need: CourseNeed): Promise<Designed> {
  if (model === null) return { design: designByRules(need), by: 'rules', note: null }
  const made = await designByModel(model, need, { timeoutMs: training.context.settings.modelAnswerMs })
  if (made.result === 'taken') return { design: made.design, by: chatModelName(model), note: null }
  return { design: designByRules(need), by: 'rules', note: made.reason }
}

async function readNeed(
  { training }: MetaAgentDependencies,
  tx: Tx,
  { actor, id }: { readonly actor: Actor; readonly id: string },
): Promise<{ readonly need: CourseNeed; readonly base: JsonObject }> {
  const proposal = await getTrainingProposal(tx, id)
  await assertNotInvolved(tx, actor, { agent: proposal.agent, isScore: false })
  if (proposal.state !== 'proposed') throw trainingDecided(proposal)
  const agent = await getAgent(tx, proposal.agent)
  const { gaps } = proposal
  const history = await pastTrainings(tx, agent.category)
  const query = { agent: null, only: null, state: null, before: null, limit: MOST_BLOCKS, proposal: id }
  const blocked = await listBlockedTriggers(tx, query)
  const catalogue = await scenarioCatalogue(training, tx)
  const need = { proposalId: id, agent, gaps, blocked: blocked.slice(0, MOST_BLOCKS), catalogue }
  return { need, base: planCourse({ agent, gaps, history }).plan }
}

const MINUTES = 60

function planOf(base: JsonObject, design: CourseDesign, { by, note }: Pick<Designed, 'by' | 'note'>): JsonObject {
  const minutes = design.steps.reduce((sum, step) => sum + step.minutes, 0)
  return {
    ...base,
    objectives: [...design.objectives],
    steps: design.steps.map((step) => ({ ...step })),
    hours: minutes / MINUTES,
    scenarios: [...design.scenarios],
    designedBy: by,
    ...(note === null ? {} : { designNote: note }),
  }
}
