import type {
  EffectivePlaybook,
  Page,
  PageQuery,
  Playbook,
  PlaybookDeployment,
  PlaybookDeploymentQuery,
  PlaybookDiff,
  PlaybookDiffQuery,
  PlaybookQuery,
  PlaybookUse,
  PlaybookVersion,
  PlaybookVersionSummary,
} from '@preceptor/client'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { assertJsonObject } from '../kernel/json-guard.ts'
import { cursorNumber, cursorTimePlace, pageOf, parseLimit } from '../kernel/pagination.ts'
import { listDeployments } from './deployment-store.ts'
import { diffVersions } from './diff-versions.ts'
import { effectivePlaybook } from './effective-playbook.ts'
import { getVersion } from './get-version.ts'
import { agentType } from './parse-writing.ts'
import { findPlaybook, listPlaybooks } from './playbook-store.ts'
import { listVersions } from './version-store.ts'
import { visibleDiff, visibleExamples } from './visible-examples.ts'

const name = z.string().min(1).max(200)
const use: z.ZodType<PlaybookUse> = z.strictObject({
  agentType,
  agent: z.string().min(1).max(128).exactOptional(),
  user: name.exactOptional(),
  project: name.exactOptional(),
  unit: name.exactOptional(),
})
const filters = z.strictObject({
  tier: z.enum(['system', 'user', 'project']).nullable().default(null),
  target: name.nullable().default(null),
  state: z.enum(['active', 'replaced', 'rolled_back']).nullable().default(null),
})

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readPlaybooks(
  context: GovernorContext,
  actor: Actor,
  query: PlaybookQuery,
): Promise<Page<Playbook>> {
  authorize(actor, 'playbooks.list')
  const limit = parseLimit(query.limit)
  const before = cursorTimePlace(query.cursor)
  const type = parseInput(agentType.optional(), query.agentType, 'agentType') ?? null
  const rows = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    listPlaybooks(tx, { agentType: type, before, limit }),
  )
  return pageOf(rows, limit, ({ createdAt, id }) => [createdAt, id])
}

/** @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault. */
export function readPlaybook(context: GovernorContext, actor: Actor, id: string): Promise<Playbook> {
  authorize(actor, 'playbooks.get')
  return inWorkspace(context.database, { workspace: actor.workspace }, (tx) => getPlaybook(tx, id))
}

/** @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readVersion(
  context: GovernorContext,
  actor: Actor,
  { id, version }: { readonly id: string; readonly version: number },
): Promise<PlaybookVersion> {
  authorize(actor, 'playbooks.version')
  const found = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => getVersion(tx, id, version))
  return { ...found, examples: visibleExamples(actor, 'playbooks.version', found.examples) }
}

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readVersions(
  context: GovernorContext,
  actor: Actor,
  { id, ...query }: PageQuery & { readonly id: string },
): Promise<Page<PlaybookVersionSummary>> {
  authorize(actor, 'playbooks.versions')
  const limit = parseLimit(query.limit)
  const before = cursorNumber(query.cursor)
  const rows = await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await getPlaybook(tx, id)
    return listVersions(tx, { playbook: id, before, limit })
  })
  return pageOf(rows, limit, ({ version }) => [version])
}

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readDiff(
  context: GovernorContext,
  actor: Actor,
  { id, ...versions }: PlaybookDiffQuery & { readonly id: string },
): Promise<PlaybookDiff> {
  authorize(actor, 'playbooks.diff')
  const diff = await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const { latest } = await getPlaybook(tx, id)
    const to = await getVersion(tx, id, versions.to ?? latest)
    const from = versions.from ?? to.parent
    return diffVersions(from === null ? null : await getVersion(tx, id, from), to)
  })
  return visibleDiff(actor, 'playbooks.diff', diff)
}

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readDeployments(
  context: GovernorContext,
  actor: Actor,
  { id, limit: most, cursor, ...rest }: PlaybookDeploymentQuery & { readonly id: string },
): Promise<Page<PlaybookDeployment>> {
  authorize(actor, 'playbooks.deployments')
  const limit = parseLimit(most)
  const before = cursorTimePlace(cursor)
  const filter = parseInput(filters, rest, 'query')
  const rows = await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await getPlaybook(tx, id)
    return listDeployments(tx, { playbook: id, ...filter, before, limit })
  })
  return pageOf(rows, limit, ({ deployedAt, id: last }) => [deployedAt, last])
}

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readEffective(
  context: GovernorContext,
  actor: Actor,
  request: PlaybookUse,
): Promise<EffectivePlaybook | null> {
  const { principal, workspace } = actor
  const asked = parseInput(use, assertJsonObject(request, { name: 'use' }), 'use')
  const agent = asked.agent ?? (principal.kind === 'agent' ? principal.id : undefined)
  authorize(actor, 'playbooks.effective', agent === undefined ? {} : { agent })
  const found = await inWorkspace(context.database, { workspace }, (tx) =>
    effectivePlaybook(tx, { ...asked, ...(agent !== undefined && { agent }) }),
  )
  return found && { ...found, examples: visibleExamples(actor, 'playbooks.effective', found.examples) }
}

async function getPlaybook(tx: Tx, id: string): Promise<Playbook> {
  const playbook = await findPlaybook(tx, id)
  if (playbook === undefined) throw recordNotFound('playbook', id)
  return playbook
}
