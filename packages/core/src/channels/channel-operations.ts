import type { ChannelDesk, ChannelMessage, ChannelMessageKey, ChannelOperations } from '@preceptor/client'
import type { AccessContext } from '../access/access-context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { readCard } from '../proposals/read-card.ts'
import type { Gate } from '../routing/gate.ts'
import { settleActor } from '../settle-actor.ts'
import { createLink } from './create-link.ts'
import { decideByLink } from './decide-by-link.ts'
import { identifyMember } from './identify-member.ts'
import { findMessage, upsertMessage } from './message-store.ts'
import { readLink } from './read-link.ts'

/** What the operations of channels stand on. */
export interface ChannelPorts {
  readonly gate: Gate
  readonly context: AccessContext
  /** Where the dashboard is. */
  readonly publicUrl: string | undefined
}

/** Makes what channels stand on, of a governor. */
export function channelOperations(ports: ChannelPorts): ChannelOperations {
  const { gate, context } = ports
  return {
    desk: (workspace) => openDesk(ports, workspace),
    identify: (visitor) => identifyMember(context, visitor),
    readLink: (token) => readLink(gate, token),
    decideByLink: (token, decision) => decideByLink(gate, token, decision),
  }
}

function openDesk({ gate, context, publicUrl }: ChannelPorts, workspace: string): ChannelDesk {
  const system = settleActor({ workspace, principal: { kind: 'system', id: 'channel', roles: [] } })
  const base = publicUrl?.replace(/\/+$/, '')
  return {
    workspace,
    card: (proposal) => readCard(gate, system, proposal),
    linkTo: (proposal) => (base === undefined ? null : `${base}/inbox/${encodeURIComponent(proposal)}`),
    findMessage: (key) => inWorkspace(context.database, { workspace }, (tx) => findMessage(tx, key)),
    keepMessage: (key, message) => keep(context, workspace, { key, message }),
    createLink: (request) => createLink(context, workspace, request),
  }
}

function keep(
  context: AccessContext,
  workspace: string,
  { key, message }: { readonly key: ChannelMessageKey; readonly message: ChannelMessage },
): Promise<ChannelMessage> {
  const at = isoTime(context.clock.now())
  return inWorkspace(context.database, { workspace }, async (tx) => {
    await upsertMessage(tx, { key, message, at })
    return (await findMessage(tx, key)) ?? message
  })
}
