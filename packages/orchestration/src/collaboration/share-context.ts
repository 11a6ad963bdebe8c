import { GovernanceError, type JsonObject } from '@preceptor/client'
import { type Actor, actorName, inWorkspace, isoTime, parseInput, recordNotFound } from '@preceptor/core/plugin'
import { z } from 'zod'
import type { CollaborationContext } from '../client/collaboration.ts'
import type { CollaborationPorts } from '../ports/collaboration-ports.ts'
import { getVisible, holdVisible } from './assert-role.ts'
import { moveContext } from './collaboration-store.ts'
import { findContext, insertContext } from './exchange-store.ts'
import { parseId, parseJsonObject } from './texts.ts'
import { visibleContext } from './visible.ts'

const version = z.int().min(1).max(2_147_483_647)

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`. */
export async function readContext(
  { authorizer, context }: CollaborationPorts,
  actor: Actor,
  request: { readonly id: string; readonly version?: number },
): Promise<CollaborationContext> {
  const access = authorizer.authorize(actor, 'orchestration.collaborations.context')
  const id = parseId(request.id)
  const wanted = parseInput(version.optional(), request.version, 'version')
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const { contextVersion } = await getVisible(tx, actor, id)
    const found = await findContext(tx, id, wanted ?? contextVersion)
    if (found === undefined) throw recordNotFound(`version of what ${id} shares`, String(wanted))
    return visibleContext(access, found)
  })
}

/**
 * Writes the next version of what the members share.
 *
 * @throws GovernanceError `CONFLICT` where there is a newer one or the collaboration ended, `NOT_FOUND`, `INPUT_INVALID`,
 * `BODY_TOO_LARGE`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function writeContext(
  { authorizer, context }: CollaborationPorts,
  actor: Actor,
  request: { readonly id: string; readonly base: number; readonly value: JsonObject },
): Promise<CollaborationContext> {
  authorizer.authorize(actor, 'orchestration.collaborations.put_context')
  const id = parseId(request.id)
  const base = parseInput(version, request.base, 'base')
  const value = parseJsonObject(request.value, 'value')
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const { state, contextVersion } = await holdVisible(tx, actor, id)
    if (!(await moveContext(tx, id, base))) {
      const why = contextVersion === base ? `it is ${state}` : `version ${contextVersion} is there`
      throw new GovernanceError('CONFLICT', { message: `What ${id} shares cannot be changed from ${base}: ${why}.` })
    }
    const author = actorName(actor)
    const written = { version: base + 1, value, author, createdAt: isoTime(context.clock.now()) }
    await insertContext(tx, id, written)
    const body = { actor: author, version: written.version }
    await context.journal.append(tx, { kind: 'collaboration.context_changed', subject: id, body })
    return written
  })
}
