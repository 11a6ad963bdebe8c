import { GovernanceError, type Page, type PageQuery, type Scenario } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { isoTime } from '../kernel/clock.ts'
import { cursorText, pageOf, parseLimit } from '../kernel/pagination.ts'
import { newestOf } from './choose-scenarios.ts'
import { parseScenarios } from './parse-scenario.ts'
import { findScenario, insertScenario, listScenarios } from './scenario-store.ts'
import type { TrainingDependencies } from './training-dependencies.ts'

/** The scenarios that sessions are made of now: the newest version of each, of the workspace, the process and the product. */
export async function scenarioCatalogue({ scenarios }: TrainingDependencies, tx: Tx): Promise<readonly Scenario[]> {
  return newestOf([...(await listScenarios(tx)), ...scenarios])
}

/**
 * Lists the scenarios that sessions are made of now, by id.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function readScenarios(
  dependencies: TrainingDependencies,
  actor: Actor,
  query: PageQuery,
): Promise<Page<Scenario>> {
  authorize(actor, 'scenarios.list')
  const limit = parseLimit(query.limit)
  const after = cursorText(query.cursor)
  const { database } = dependencies.context
  const all = await inWorkspace(database, { workspace: actor.workspace }, (tx) => scenarioCatalogue(dependencies, tx))
  const rest = [...all].filter(({ id }) => id > after).sort((left, right) => (left.id < right.id ? -1 : 1))
  return pageOf(rest.slice(0, limit + 1), limit, ({ id }) => [id])
}

/**
 * Imports scenarios from JSON into the workspace. A version that is there already stays as it is, and the same content
 * imported again changes nothing.
 *
 * @throws GovernanceError `CONFLICT` for other content under a version that is there, `INPUT_INVALID`, `CONDITION_INVALID`,
 * `PERMISSION_DENIED`, or the code of a fault.
 */
export async function importScenarios(
  { context }: TrainingDependencies,
  actor: Actor,
  values: readonly Scenario[],
): Promise<{ readonly imported: number }> {
  authorize(actor, 'scenarios.import')
  const scenarios = parseScenarios(values)
  const by = actorName(actor)
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const at = isoTime(context.clock.now())
    const imported: string[] = []
    for (const scenario of scenarios) {
      if (await insertScenario(tx, { scenario, by, at })) imported.push(`${scenario.id} ${scenario.version}`)
      else await assertSame(tx, scenario)
    }
    if (imported.length > 0) {
      const body = { actor: by, scenarios: imported }
      await context.journal.append(tx, { kind: 'training_scenario.imported', subject: actor.workspace, body })
    }
    return { imported: imported.length }
  })
}

async function assertSame(tx: Tx, scenario: Scenario): Promise<void> {
  const known = await findScenario(tx, scenario)
  if (known !== undefined && hashCanonical(known) === hashCanonical(JSON.parse(JSON.stringify(scenario)))) return
  throw new GovernanceError('CONFLICT', {
    message: `The scenario ${scenario.id} ${scenario.version} is there with other content.`,
    hint: 'Give it the next version.',
  })
}
