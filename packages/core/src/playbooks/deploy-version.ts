import {
  GovernanceError,
  type PlaybookDeployment,
  type PlaybookDeploymentRequest,
  type PlaybookVersion,
} from '@preceptor/client'
import { z } from 'zod'
import { parseInput } from '../access/parse-input.ts'
import { parseReason } from '../access/parse-reason.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { assertJsonObject } from '../kernel/json-guard.ts'
import { endDeployment, findDeployment, insertDeployment, listActiveAt } from './deployment-store.ts'
import { getVersion } from './get-version.ts'
import { holdPlaybook } from './playbook-store.ts'
import type { PlaybookContext } from './write-version.ts'

const target = z.string().min(1).max(200)
const common = {
  version: z.int().min(1),
  share: z.number().gt(0).max(1).default(1),
  reason: z.string(),
  force: z.boolean().default(false),
  basedOn: z.int().min(1).nullable().optional(),
}
const input = z.discriminatedUnion('tier', [
  z.strictObject({ tier: z.literal('system'), ...common }),
  z.strictObject({ tier: z.literal('user'), target, ...common }),
  z.strictObject({ tier: z.literal('project'), target, ...common }),
])

/** A deployment that is asked for, and under which name. */
export interface DeployRequest {
  readonly by: string
  readonly playbook: string
  readonly request: PlaybookDeploymentRequest
}

/**
 * Deploys a version in the transaction of the caller, with its journal row. With share 1 it takes the place of what is
 * active at its tier and target, a canary included; below 1 it takes the place of a canary only.
 *
 * @throws GovernanceError `PLAYBOOK_UNTESTED`, `CONFLICT`, `NOT_FOUND`, `INPUT_INVALID`.
 */
export async function deployVersion(
  context: PlaybookContext,
  tx: Tx,
  { by, playbook, request }: DeployRequest,
): Promise<PlaybookDeployment> {
  const parsed = parseInput(input, assertJsonObject(request, { name: 'deployment' }), 'deployment')
  const reason = parseReason(parsed.reason)
  const { tier, version: number, share } = parsed
  const place = { playbook, tier, target: 'target' in parsed ? parsed.target : null }
  if ((await holdPlaybook(tx, { id: playbook })) === undefined) throw recordNotFound('playbook', playbook)
  const version = await getVersion(tx, playbook, number)
  if (version.test === null && !parsed.force) throw untested(version)
  const active = await listActiveAt(tx, place)
  const whole = active.find((deployment) => deployment.share === 1)
  assertKnown(whole, parsed.basedOn)
  assertNew(active, { version: number, share })
  const at = isoTime(context.clock.now())
  for (const { id } of share === 1 ? active : active.filter((deployment) => deployment.share < 1)) {
    if (!(await endDeployment(tx, id, { state: 'replaced', by, at, reason }))) throw new GovernanceError('CONFLICT')
  }
  const id = context.ids.next('pbd')
  const replaces = share === 1 ? (whole?.id ?? null) : null
  const record = { untested: version.test === null, replaces, reason, deployedBy: by, deployedAt: at }
  await insertDeployment(tx, { id, ...place, version: number, share, restores: null, ...record })
  await context.journal.append(tx, {
    kind: 'playbook.deployed',
    subject: playbook,
    body: {
      actor: by,
      agentType: version.agentType,
      deployment: id,
      version: number,
      tier,
      target: place.target,
      share,
      untested: record.untested,
      replaces,
      reason,
    },
  })
  return getDeployment(tx, id)
}

/** @throws GovernanceError `NOT_FOUND`. */
export async function getDeployment(tx: Tx, id: string): Promise<PlaybookDeployment> {
  const deployment = await findDeployment(tx, id)
  if (deployment === undefined) throw recordNotFound('deployment', id)
  return deployment
}

function untested({ agentType, version }: PlaybookVersion): GovernanceError {
  return new GovernanceError('PLAYBOOK_UNTESTED', {
    message: `Version ${version} of the playbook of "${agentType}" has no test.`,
  })
}

/** Whoever deploys over something else than was looked at would undo it unseen. */
function assertKnown(whole: PlaybookDeployment | undefined, basedOn: number | null | undefined): void {
  const present = whole?.version ?? null
  if (basedOn === undefined || basedOn === present) return
  throw new GovernanceError('CONFLICT', {
    message: `Active there is ${present === null ? 'no version' : `version ${present}`}, not ${basedOn ?? 'none'}.`,
    hint: 'Look at what is deployed now, and decide again.',
    details: { version: present },
  })
}

function assertNew(
  active: readonly PlaybookDeployment[],
  { version, share }: Pick<PlaybookDeployment, 'version' | 'share'>,
): void {
  const same = active.find((deployment) => deployment.version === version && deployment.share === share)
  const whole = active.find((deployment) => deployment.version === version && deployment.share === 1)
  const hasCanary = active.some((deployment) => deployment.share < 1)
  // The version that stands there may be deployed again only to end a canary beside it.
  if (same === undefined && whole === undefined) return
  if (share === 1 && hasCanary) return
  throw new GovernanceError('CONFLICT', { message: `Version ${version} is active there already.` })
}
