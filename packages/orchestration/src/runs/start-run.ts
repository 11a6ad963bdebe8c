import { GovernanceError, type JsonObject } from '@preceptor/client'
import {
  type Actor,
  actorName,
  assertAgentActs,
  inWorkspace,
  isoTime,
  parseInput,
  recordNotFound,
  type Tx,
} from '@preceptor/core/plugin'
import { z } from 'zod'
import type { ExpectedStep, Workflow, WorkflowExecution, WorkflowRun } from '../client/workflows.ts'
import { assertOwnAgents } from '../definitions/assert-agents.ts'
import { planOf, type WorkflowPlan } from '../definitions/graph.ts'
import { parseRunInput } from '../definitions/parse-run-input.ts'
import { findVersion, findWorkflow } from '../definitions/store.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { RunPorts } from '../ports/run-ports.ts'
import { startingAgents } from '../steps/engine-actor.ts'
import { FIRST_KEY } from '../steps/hold.ts'
import { applyWalk, walkInput } from './apply-walk.ts'
import { checkSteps } from './check-steps.ts'
import { shownRun } from './run.ts'
import { findRun, insertRun, type NewRun } from './run-store.ts'
import { walkFromStart } from './walk.ts'

const HIGHEST_VERSION = 2_000_000_000

const executionInput = z.strictObject({
  input: z.unknown().optional(),
  version: z.int().min(1).max(HIGHEST_VERSION).optional(),
})

/**
 * Starts a run, once every step that it can come to was checked.
 *
 * @throws GovernanceError `WORKFLOW_REFUSED`, `INPUT_INVALID`, `CONFLICT` for an archived workflow, `NOT_FOUND`,
 * `PERMISSION_DENIED`.
 */
export async function startRun(
  ports: RunPorts & Pick<EnginePorts, 'owners'>,
  actor: Actor,
  { workflow: id, execution = {} }: { readonly workflow: string; readonly execution?: WorkflowExecution | undefined },
): Promise<WorkflowRun> {
  ports.authorizer.authorize(actor, 'orchestration.runs.execute')
  const asked = parseInput(executionInput, execution, 'execution')
  const prepared = await prepareRun(ports, actor, { id: String(id), version: asked.version, input: asked.input })
  const run = await beginRun(ports, actor.workspace, { ...prepared, startedBy: actorName(actor), due: null })
  if (run === undefined) throw new GovernanceError('INTERNAL', { message: 'A run that was begun is not there.' })
  return run
}

/** A run whose steps were checked. */
export interface PreparedRun {
  readonly workflow: Workflow
  readonly plan: WorkflowPlan
  readonly version: number
  readonly input: JsonObject
  readonly expected: readonly ExpectedStep[]
}

/** Checks everything that can be checked before a run begins; nothing is written. */
export async function prepareRun(
  ports: RunPorts,
  actor: Actor,
  { id, version, input }: { readonly id: string; readonly version?: number | undefined; readonly input?: unknown },
): Promise<PreparedRun> {
  const { context } = ports
  const { workflow, definition } = await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const found = await findWorkflow(tx, id)
    if (found === undefined) throw recordNotFound('workflow', id)
    if (version === undefined) return { workflow: found, definition: found.definition }
    const named = await findVersion(tx, id, version)
    if (named === undefined) throw recordNotFound('version', `${version}`)
    return { workflow: found, definition: named.definition }
  })
  if (workflow.state !== 'active') throw archived(workflow)
  if (version !== undefined && version !== workflow.version) assertMayGoBack(actor)
  if (actor.principal.kind === 'service') assertOwnAgents(actor, definition)
  const plan = planOf(definition)
  const delegation = actor.principal.kind === 'agent' ? [actor.principal.id] : []
  return {
    workflow,
    plan,
    version: version ?? workflow.version,
    input: await parseRunInput(definition, input),
    expected: await checkSteps(ports, { actor, plan, delegation }),
  }
}

/** A run that begins. */
interface RunToBegin extends PreparedRun, Pick<NewRun, 'startedBy' | 'due'> {
  /** Asked in the same transaction, before anything is written; where it says false, nothing begins. */
  readonly when?: (tx: Tx) => Promise<boolean>
}

/** Writes a prepared run and its first steps, and wakes workers for them; undefined where its schedule has begun it. */
export async function beginRun(
  ports: RunPorts & Pick<EnginePorts, 'owners'>,
  workspace: string,
  request: RunToBegin,
): Promise<WorkflowRun | undefined> {
  const scope = { workspace, retry: true }
  const begun = await inWorkspace(ports.context.database, scope, (tx) => write(ports, tx, request))
  for (const id of begun?.toTry ?? []) await ports.enqueue('step', { workspace, id, key: FIRST_KEY })
  return begun?.run
}

async function write(
  ports: RunPorts & Pick<EnginePorts, 'owners'>,
  tx: Tx,
  { workflow, plan, version, input, expected, startedBy, due, when }: RunToBegin,
): Promise<{ readonly run: WorkflowRun; readonly toTry: readonly string[] } | undefined> {
  const { context } = ports
  if (when !== undefined && !(await when(tx))) return undefined
  for (const agent of startingAgents(startedBy)) await assertAgentActs(tx, agent)
  const present = await findWorkflow(tx, workflow.id)
  if (present?.state !== 'active') throw archived(workflow)
  const id = context.ids.next('wrn')
  const createdAt = isoTime(context.clock.now())
  const isNew = await insertRun(tx, { id, workflow: workflow.id, version, input, expected, startedBy, createdAt, due })
  if (!isNew) return undefined
  const about = { actor: startedBy, workflow: workflow.id, version, schedule: due?.schedule ?? null }
  await context.journal.append(tx, { kind: 'workflow_run.started', subject: id, body: about })
  const run = await findRun(tx, id)
  if (run === undefined) throw new GovernanceError('INTERNAL', { message: 'A run that was written is not there.' })
  const result = walkFromStart(await walkInput(ports, tx, { run, plan }))
  const toTry = await applyWalk(ports, tx, { run, result })
  const begun = await findRun(tx, id)
  return { run: shownRun(begun ?? run), toTry }
}

/** An older version may lack what was added since, such as an approval: people answer for that. */
function assertMayGoBack({ principal }: Actor): void {
  if (principal.kind === 'user' || principal.kind === 'system') return
  throw new GovernanceError('PERMISSION_DENIED', { message: `A ${principal.kind} starts the current version only.` })
}

function archived({ id }: Workflow): GovernanceError {
  return new GovernanceError('CONFLICT', { message: `The workflow ${id} is archived.` })
}
