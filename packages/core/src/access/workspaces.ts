import { GovernanceError, type Page, type PageQuery, type Workspace, type WorkspaceRequest } from '@preceptor/client'
import { z } from 'zod'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { cursorText, pageOf, parseLimit } from '../kernel/pagination.ts'
import { type Actor, actorName } from './actor.ts'
import { authorize } from './authorize.ts'
import { parseInput } from './parse-input.ts'
import { insertWorkspace, listWorkspaces } from './store.ts'

const input = z.strictObject({
  workspace: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'use 1 to 63 of a to z, 0 to 9, "_" and "-"'),
  displayName: z.string().min(1).max(200).optional(),
})

/**
 * Creates a workspace unless it exists; the host does this when it opens.
 *
 * @throws GovernanceError `INPUT_INVALID`, or the code of a fault.
 */
export async function ensureWorkspace(
  context: GovernorContext,
  request: { readonly workspace: string; readonly displayName?: string },
): Promise<void> {
  await create(context, request, 'system:host')
}

/**
 * Creates a workspace, empty and with no member; only the system does. A process registers actions and tells whoever is
 * to be told in the workspaces that its options name.
 *
 * @throws GovernanceError `CONFLICT` when there is one of this id, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a
 * fault.
 */
export async function createWorkspace(
  context: GovernorContext,
  actor: Actor,
  { id, ...request }: WorkspaceRequest,
): Promise<Workspace> {
  authorize(actor, 'workspaces.create')
  const created = await create(context, { ...request, workspace: id }, actorName(actor))
  if (created !== undefined) return created
  throw new GovernanceError('CONFLICT', { message: `There is a workspace ${JSON.stringify(id)}.` })
}

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readWorkspaces(
  context: GovernorContext,
  actor: Actor,
  query: PageQuery,
): Promise<Page<Workspace>> {
  authorize(actor, 'workspaces.list')
  const limit = parseLimit(query.limit)
  const after = cursorText(query.cursor)
  const found = await inWorkspace(context.database, { workspace: '*', role: 'system' }, (tx) =>
    listWorkspaces(tx, { after, limit }),
  )
  return pageOf(found, limit, ({ id }) => [id])
}

async function create(
  context: GovernorContext,
  request: { readonly workspace: string; readonly displayName?: string },
  actor: string,
): Promise<Workspace | undefined> {
  const { workspace, displayName = workspace } = parseInput(input, request, 'workspace')
  const at = isoTime(context.clock.now())
  return inWorkspace(context.database, { workspace, role: 'system' }, async (tx) => {
    if (!(await insertWorkspace(tx, { displayName, at }))) return undefined
    await context.journal.append(tx, { kind: 'workspace.created', subject: workspace, body: { actor, displayName } })
    return { id: workspace, displayName, createdAt: at }
  })
}
