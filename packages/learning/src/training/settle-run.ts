import { GovernanceError } from '@preceptor/client'
import {
  deployVersion,
  inWorkspace,
  isoTime,
  type PluginWork,
  recordPlaybookTest,
  type Tx,
} from '@preceptor/core/plugin'
import type { PairedResult, TrainingRun } from '../client/training.ts'
import { LEARNING } from '../learning-actor.ts'
import type { TrainingPorts } from '../ports/training-ports.ts'
import type { Arms } from '../trials/trial.ts'
import { listTrials } from '../trials/trial-store.ts'
import { mayDeploy } from './deployment-rule.ts'
import { testResult } from './test-result.ts'
import { completeRun, findRun, holdRun, type StoredRun } from './training-store.ts'
import { versionInUse } from './version-in-use.ts'

/** Ends a run whose trials have all ended: records the test, and deploys where it allows that. Harmless at any other time. */
export async function settleRun(ports: TrainingPorts, { workspace, id }: PluginWork): Promise<void> {
  if (id === undefined) return
  await inWorkspace(ports.context.database, { workspace, retry: true }, (tx) => settle(ports, tx, id))
}

async function settle({ context }: TrainingPorts, tx: Tx, id: string): Promise<void> {
  const run = await holdRun(tx, id)
  if (run?.phase !== 'testing' || run.playbook === null) return
  const trials = await listTrials(tx, { kind: 'training_run', id })
  if (trials.some(({ state }) => state === 'open')) return
  const test = testResult(trials, id)
  if (test?.state === 'tested') {
    const { id: playbook, version } = run.playbook
    const { cases, before, after, p, interval } = test
    const ran = { against: run.against, cases, before, after, p, interval, method: 'sign test, BCa bootstrap' }
    await recordPlaybookTest(context, tx, { by: LEARNING, playbook, version, test: ran })
  }
  const deployment = await deploy(context, tx, { run, test })
  const at = isoTime(context.clock.now())
  if (!(await completeRun(tx, id, { test, deployment, at }))) throw new GovernanceError('CONFLICT')
  const { agentType, playbook } = run
  const body = { actor: LEARNING, agentType, playbook: playbook.id, version: playbook.version, ...deployment }
  await context.journal.append(tx, { kind: 'training_run.completed', subject: id, body })
}

async function deploy(
  context: TrainingPorts['context'],
  tx: Tx,
  { run, test }: { readonly run: StoredRun; readonly test: PairedResult | null },
): Promise<NonNullable<TrainingRun['deployment']>> {
  const { may, reason } = mayDeploy(test)
  if (run.deploy === null || run.playbook === null)
    return { deployed: false, reason: `${reason} Nobody asked to deploy it.` }
  if (!may) return { deployed: false, reason }
  // Over what it was compared with, and nothing else: a person may have deployed another one meanwhile.
  if (((await versionInUse(tx, run))?.version ?? null) !== run.against) {
    return { deployed: false, reason: `${reason} Another version was deployed meanwhile.` }
  }
  const { id: playbook, version } = run.playbook
  const { tier, target, share } = run.deploy
  const request = { version, tier, share, reason, ...(target === undefined ? {} : { target }) }
  await deployVersion(context, tx, { by: LEARNING, playbook, request })
  return { deployed: true, reason }
}

/** The sides of the trials of a run; undefined once it has ended. */
export async function armsOfRun(tx: Tx, id: string): Promise<Arms | undefined> {
  const run = await findRun(tx, id)
  if (run?.phase !== 'testing' || run.playbook === null) return undefined
  const { id: playbook, version } = run.playbook
  return {
    agentType: run.agentType,
    a: { kind: 'playbook', playbook, version: run.against },
    b: { kind: 'playbook', playbook, version },
  }
}
