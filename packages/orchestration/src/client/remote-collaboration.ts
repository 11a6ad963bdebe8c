import { type PluginConnection, pathTo } from '@preceptor/client'
import type {
  Collaboration,
  CollaborationContext,
  CollaborationDetail,
  CollaborationMessage,
  CollaborationOperations,
} from './collaboration.ts'
import type { CollaborationParts } from './collaboration-parts.ts'
import type { Consensus, ConsensusDetail } from './consensus.ts'
import type { Delegation } from './delegations.ts'

const COLLABORATION: readonly (keyof Collaboration)[] = ['id', 'mode', 'state', 'members', 'createdAt']
const DETAIL: readonly (keyof CollaborationDetail)[] = [...COLLABORATION, 'turns']
const MESSAGE: readonly (keyof CollaborationMessage)[] = ['id', 'number', 'author', 'text']
const CONTEXT: readonly (keyof CollaborationContext)[] = ['version', 'value', 'author']
const DELEGATION: readonly (keyof Delegation)[] = ['id', 'collaboration', 'to', 'state', 'priority']
const CONSENSUS: readonly (keyof Consensus)[] = ['id', 'collaboration', 'options', 'state', 'tally']
const CONSENSUS_DETAIL: readonly (keyof ConsensusDetail)[] = [...CONSENSUS, 'electors', 'votes']

/** Collaborations, delegations and votes, each operation one request. */
export function remoteCollaboration(connection: PluginConnection): CollaborationParts {
  return {
    collaborations: remoteSessions(connection),
    delegations: {
      create: (request) => connection.send('/collaboration/delegations', { body: request, fields: DELEGATION }),
      get: async (id) => connection.get(pathTo`/collaboration/delegations/${id}`, { fields: DELEGATION }),
      list: (query) => connection.page('/collaboration/delegations', { query, fields: DELEGATION }),
      complete: async (id, result) =>
        connection.send(pathTo`/collaboration/delegations/${id}/complete`, { body: result, fields: DELEGATION }),
      reassign: async (id, change) =>
        connection.send(pathTo`/collaboration/delegations/${id}/reassign`, { body: change, fields: DELEGATION }),
    },
    consensus: {
      open: (request) => connection.send('/collaboration/consensus', { body: request, fields: CONSENSUS }),
      get: async (id) => connection.get(pathTo`/collaboration/consensus/${id}`, { fields: CONSENSUS_DETAIL }),
      list: (query) => connection.page('/collaboration/consensus', { query, fields: CONSENSUS }),
      vote: async (id, vote) =>
        connection.send(pathTo`/collaboration/consensus/${id}/vote`, { body: vote, fields: CONSENSUS_DETAIL }),
    },
  }
}

function remoteSessions(connection: PluginConnection): CollaborationOperations {
  return {
    create: (request) => connection.send('/collaboration/sessions', { body: request, fields: COLLABORATION }),
    get: async (id) => connection.get(pathTo`/collaboration/sessions/${id}`, { fields: DETAIL }),
    list: (query) => connection.page('/collaboration/sessions', { query, fields: COLLABORATION }),
    join: async (id, member) =>
      connection.send(pathTo`/collaboration/sessions/${id}/members`, { body: member, fields: COLLABORATION }),
    leave: async (id, member) =>
      connection.send(pathTo`/collaboration/sessions/${id}/members/remove`, {
        body: { member },
        fields: COLLABORATION,
      }),
    execute: async (id, execution = {}) =>
      connection.send(pathTo`/collaboration/sessions/${id}/execute`, { body: execution, fields: COLLABORATION }),
    cancel: async (id, reason) =>
      connection.send(pathTo`/collaboration/sessions/${id}/cancel`, { body: { reason }, fields: COLLABORATION }),
    messages: async (id, query) =>
      connection.page(pathTo`/collaboration/sessions/${id}/messages`, { query, fields: MESSAGE }),
    send: async (id, text) =>
      connection.send(pathTo`/collaboration/sessions/${id}/messages`, { body: { text }, fields: MESSAGE }),
    context: async (id, query) =>
      connection.get(pathTo`/collaboration/sessions/${id}/context`, { query, fields: CONTEXT }),
    putContext: async (id, change) =>
      connection.send(pathTo`/collaboration/sessions/${id}/context`, { method: 'PUT', body: change, fields: CONTEXT }),
  }
}
