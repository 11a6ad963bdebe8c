import type { PlaybookOperations } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { deployVersion } from './deploy-version.ts'
import {
  readDeployments,
  readDiff,
  readEffective,
  readPlaybook,
  readPlaybooks,
  readVersion,
  readVersions,
} from './read-playbooks.ts'
import { rollBack } from './roll-back.ts'
import { writeVersion } from './write-version.ts'

/** Playbooks, bound to an actor. What changes something does so in a transaction of its own. */
export function playbookOperations(context: GovernorContext, actor: Actor): PlaybookOperations {
  const by = actorName(actor)
  const change = async <Result>(
    operation: 'playbooks.write' | 'playbooks.deploy' | 'playbooks.rollback',
    work: (tx: Tx) => Promise<Result>,
  ): Promise<Result> => {
    authorize(actor, operation)
    return inWorkspace(context.database, { workspace: actor.workspace }, work)
  }
  return {
    list: (query = {}) => readPlaybooks(context, actor, query),
    get: async (id) => readPlaybook(context, actor, id),
    version: (id, version) => readVersion(context, actor, { id, version }),
    versions: (id, query = {}) => readVersions(context, actor, { ...query, id }),
    write: (writing) => change('playbooks.write', (tx) => writeVersion(context, tx, { by, writing })),
    diff: (id, versions = {}) => readDiff(context, actor, { ...versions, id }),
    deploy: (playbook, request) =>
      change('playbooks.deploy', (tx) => deployVersion(context, tx, { by, playbook, request })),
    rollback: (deployment, reason) =>
      change('playbooks.rollback', (tx) => rollBack(context, tx, { by, deployment, reason })),
    deployments: (id, query = {}) => readDeployments(context, actor, { ...query, id }),
    effective: (use) => readEffective(context, actor, use),
  }
}
