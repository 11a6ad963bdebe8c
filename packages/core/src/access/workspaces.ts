import { z } from 'zod'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { parseInput } from './parse-input.ts'
import { insertWorkspace } from './store.ts'

const input = z.strictObject({
  workspace: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'use 1 to 63 of a to z, 0 to 9, "_" and "-"'),
  displayName: z.string().min(1).max(200).optional(),
})

/**
 * Creates a workspace unless it exists; the host does this, no credential can.
 *
 * @throws GovernanceError `INPUT_INVALID`, or the code of a fault.
 */
export async function ensureWorkspace(
  context: GovernorContext,
  request: { readonly workspace: string; readonly displayName?: string },
): Promise<void> {
  const { workspace, displayName = workspace } = parseInput(input, request, 'workspace')
  const at = isoTime(context.clock.now())
  await inWorkspace(context.database, { workspace, role: 'system' }, async (tx) => {
    if (!(await insertWorkspace(tx, { displayName, at }))) return
    await context.journal.append(tx, {
      kind: 'workspace.created',
      subject: workspace,
      body: { actor: 'system:host', displayName },
    })
  })
}
