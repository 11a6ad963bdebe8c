import { GovernanceError } from '@preceptor/client'
import {
  type Actor,
  actorName,
  agentFilter,
  inWorkspace,
  isoTime,
  parseInput,
  playbookVersion,
  type Tx,
} from '@preceptor/core/plugin'
import { z } from 'zod'
import { AGENT_TYPE_FORM } from '../agent-type.ts'
import type { Example } from '../client/feedback.ts'
import type { Experiment, ExperimentRequest, ExperimentSubject } from '../client/training.ts'
import { listHeldOut, listImprovable } from '../examples/training-store.ts'
import type { TrainingPorts } from '../ports/training-ports.ts'
import { insertTrials } from '../trials/trial-store.ts'
import { findExperiment, insertExperiment } from './experiment-store.ts'

const version = z.int().min(1)
const strategy = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/)
const input = z.strictObject({
  agentType: z.string().regex(AGENT_TYPE_FORM),
  subject: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('playbooks'),
      playbook: z.string().min(1).max(200),
      a: version.nullable(),
      b: version,
    }),
    z.strictObject({ kind: z.literal('strategies'), a: strategy, b: strategy }),
  ]),
  mostRuns: z.int().min(2).max(500).default(100),
  alpha: z.number().min(0.001).max(0.2).default(0.05),
})

const FEWEST_CASES = 2

/**
 * Starts an experiment: each case is answered by both sides, for real, by workers.
 *
 * @throws GovernanceError `INPUT_INVALID`, `NOT_FOUND` for a version that is not there, `CONFLICT` when there are too few
 * cases or nothing that answers and rates, `PERMISSION_DENIED`.
 */
export async function startExperiment(
  ports: TrainingPorts,
  actor: Actor,
  request: ExperimentRequest,
): Promise<Experiment> {
  const { authorizer, context } = ports
  authorizer.authorize(actor, 'learning.experiments.start')
  if (agentFilter(actor) !== null) {
    throw new GovernanceError('PERMISSION_DENIED', { message: 'An experiment is about all agents of a type.' })
  }
  const parsed = parseInput(input, request, 'experiment')
  assertSides(ports, parsed.subject)
  const { workspace } = actor
  const started = await inWorkspace(context.database, { workspace }, (tx) => write(ports, tx, { actor, parsed }))
  for (const trial of started.trials) await ports.enqueue('trial', { workspace, id: trial, key: 'first' })
  return started.experiment
}

async function write(
  { context }: TrainingPorts,
  tx: Tx,
  { actor, parsed }: { readonly actor: Actor; readonly parsed: z.output<typeof input> },
): Promise<{ readonly experiment: Experiment; readonly trials: readonly string[] }> {
  const { agentType, subject } = parsed
  if (subject.kind === 'playbooks') {
    for (const number of [subject.a, subject.b]) {
      if (number === null) continue
      const found = await playbookVersion(tx, subject.playbook, number)
      if (found.agentType === agentType) continue
      const message = `experiment.agentType: the playbook is that of ${found.agentType}.`
      throw new GovernanceError('INPUT_INVALID', { message })
    }
  }
  const id = context.ids.next('xpr')
  const cases = await casesOf(tx, { agentType, subject, order: id, limit: parsed.mostRuns })
  if (cases.length < FEWEST_CASES) {
    throw new GovernanceError('CONFLICT', {
      message: `There are ${cases.length} cases of ${agentType} for such an experiment, and ${FEWEST_CASES} are needed.`,
    })
  }
  const record = { ...parsed, id, actor: actorName(actor), createdAt: isoTime(context.clock.now()) }
  await insertExperiment(tx, record)
  const trials = cases.map(({ id: exampleId }) => ({ id: context.ids.next('trl'), exampleId }))
  await insertTrials(tx, { kind: 'experiment', id }, trials)
  await context.journal.append(tx, {
    kind: 'experiment.started',
    subject: id,
    body: { actor: record.actor, agentType, about: { ...subject }, cases: cases.length, alpha: parsed.alpha },
  })
  const experiment = await findExperiment(tx, id)
  if (experiment === undefined) throw new GovernanceError('INTERNAL', { message: 'An experiment is not there.' })
  return { experiment, trials: trials.map((trial) => trial.id) }
}

/** Playbooks answer what is held out; strategies improve what was answered wrongly. */
function casesOf(
  tx: Tx,
  {
    agentType,
    subject,
    order,
    limit,
  }: {
    readonly agentType: string
    readonly subject: ExperimentSubject
    readonly order: string
    readonly limit: number
  },
): Promise<readonly Example[]> {
  const wanted = { agentType, order, limit }
  return subject.kind === 'playbooks' ? listHeldOut(tx, wanted) : listImprovable(tx, wanted)
}

function assertSides({ answerer, parts }: TrainingPorts, subject: ExperimentSubject): void {
  if (subject.a === subject.b) {
    throw new GovernanceError('INPUT_INVALID', { message: 'experiment.subject: both sides are the same.' })
  }
  if (subject.kind === 'strategies') {
    for (const name of [subject.a, subject.b]) {
      if (parts.strategies.agentTypes.includes(name)) continue
      throw new GovernanceError('INPUT_INVALID', { message: `experiment.subject: there is no strategy "${name}".` })
    }
  }
  const model = subject.kind === 'playbooks' ? answerer : parts.settings.improver
  if (model !== null && parts.evaluatorNames.length > 0) return
  throw new GovernanceError('CONFLICT', {
    message: 'There is no chat model that answers, or none that rates.',
    hint: 'Open learning with a model.',
  })
}
