import { GovernanceError, type Page, type PageQuery } from '@preceptor/client'
import { type Actor, decodeCursor, inWorkspace, isoTime, pageOf, parseLimit } from '@preceptor/core/plugin'
import type { CollaborationMessage } from '../client/collaboration.ts'
import type { CollaborationPorts } from '../ports/collaboration-ports.ts'
import { getVisible, holdVisible, memberOf } from './assert-role.ts'
import { countMessage } from './collaboration-store.ts'
import { insertMessage, listMessages } from './exchange-store.ts'
import { parseId, parseMessage } from './texts.ts'
import { visibleMessage } from './visible.ts'

/**
 * Says something as the member that the actor is.
 *
 * @throws GovernanceError `MEMBER_REQUIRED`, `NOT_FOUND`, `CONFLICT` when it ended, `INPUT_INVALID`, `PERMISSION_DENIED`, or
 * the code of a fault.
 */
export async function sendMessage(
  { authorizer, context }: CollaborationPorts,
  actor: Actor,
  request: { readonly id: string; readonly text: string },
): Promise<CollaborationMessage> {
  authorizer.authorize(actor, 'orchestration.collaborations.send')
  const id = parseId(request.id)
  const text = parseMessage(request.text)
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const { name, kind, id: memberId } = memberOf(actor, await holdVisible(tx, actor, id))
    const number = await countMessage(tx, id)
    if (number === undefined) throw new GovernanceError('CONFLICT', { message: `The collaboration ${id} has ended.` })
    const createdAt = isoTime(context.clock.now())
    const message = { id: context.ids.next('msg'), number, author: name, text, createdAt }
    await insertMessage(tx, id, message)
    await context.journal.append(tx, {
      kind: 'collaboration.message_sent',
      subject: id,
      ...(kind === 'agent' ? { agent: memberId } : {}),
      body: { actor: name, message: message.id, number },
    })
    return message
  })
}

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`. */
export async function readMessages(
  { authorizer, context }: CollaborationPorts,
  actor: Actor,
  { id: wanted, query }: { readonly id: string; readonly query: PageQuery },
): Promise<Page<CollaborationMessage>> {
  const access = authorizer.authorize(actor, 'orchestration.collaborations.messages')
  const id = parseId(wanted)
  const limit = parseLimit(query.limit)
  const after = query.cursor === undefined ? 0 : numberOf(query.cursor)
  const rows = await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await getVisible(tx, actor, id)
    return listMessages(tx, id, { after, limit })
  })
  const page = pageOf(rows, limit, ({ number }) => [number])
  return { ...page, items: page.items.map((message) => visibleMessage(access, message)) }
}

const LARGEST = 2_147_483_647

function numberOf(cursor: string): number {
  const [number, ...rest] = decodeCursor(cursor)
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= LARGEST && rest.length === 0) {
    return number
  }
  throw new GovernanceError('INPUT_INVALID', { message: 'cursor: not a cursor of this list.' })
}
