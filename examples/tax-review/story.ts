import { readFileSync } from 'node:fs'
import type { ControlScope, JsonObject } from '@preceptor/client'
import type { OrchestrationOperations, WorkflowDefinition, WorkflowRunDetail } from '@preceptor/orchestration'

/** Somebody at the plane. */
export type Person = ControlScope & { readonly orchestration: OrchestrationOperations }

/** A return that is to be filed. */
export interface Return {
  readonly client: string
  readonly income: number
  readonly deductions: number
}

// From the built file to the one beside the source.
const WORKFLOW = new URL('../../tax-review/workflow.json', import.meta.url)
const PATIENCE_MS = 120_000
const RESTS: ReadonlySet<string> = new Set([
  'workflow_run.waiting',
  'workflow_run.completed',
  'workflow_run.failed',
  'workflow_run.cancelled',
])

/** Writes the workflow; gives its id. */
export async function writeWorkflow({ orchestration }: Person): Promise<string> {
  const definition = JSON.parse(readFileSync(WORKFLOW, 'utf8')) as WorkflowDefinition
  const { problems } = await orchestration.workflows.validate(definition)
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  return (await orchestration.workflows.create(definition)).id
}

/** Starts a run and waits until it ended, or waits for somebody. */
export async function file(
  person: Person,
  workflow: string,
  given: { readonly what: Return; readonly office: string },
): Promise<WorkflowRunDetail> {
  const rest = await follow(person)
  const { id } = await person.orchestration.runs.execute(workflow, { input: { ...given.what, office: given.office } })
  return rest(id)
}

/** Answers the question that a run waits for, and waits for what comes of it. */
export async function answer(
  person: Person,
  { id, steps }: WorkflowRunDetail,
  said: { readonly approved: boolean; readonly comment: string; readonly data?: JsonObject },
): Promise<WorkflowRunDetail> {
  const asked = steps.find(({ state }) => state === 'waiting')?.proposal
  if (asked === null || asked === undefined) throw new Error(`The run ${id} asks nothing.`)
  const { version, actionHash } = await person.proposals.get(asked)
  const rest = await follow(person)
  await person.orchestration.runs.answer(asked, { ...said, version, actionHash })
  return rest(id)
}

/** Listens from now on; gives what waits until a run rests. */
async function follow(person: Person): Promise<(run: string) => Promise<WorkflowRunDetail>> {
  const subscription = await person.events.subscribe({ signal: AbortSignal.timeout(PATIENCE_MS) })
  return async (run) => {
    for await (const { kind, subjectId } of subscription) {
      if (subjectId === run && RESTS.has(kind)) return person.orchestration.runs.get(run)
    }
    throw new Error(`The run ${run} did not come to rest within ${PATIENCE_MS / 1_000} s.`)
  }
}
