import { COLLABORATION_MODES, COLLABORATION_STATES, type CollaborationQuery } from '@preceptor/orchestration/client'

/** What the address of the list says; what is left out is not narrowed. */
export type CollaborationSearch = Pick<CollaborationQuery, 'mode' | 'state'>

/** Reads the address; what it cannot mean is left out. */
export function readCollaborationSearch(search: Readonly<Record<string, unknown>>): CollaborationSearch {
  const mode = COLLABORATION_MODES.find((one) => one === search.mode)
  const state = COLLABORATION_STATES.find((one) => one === search.state)
  return { ...(mode === undefined ? {} : { mode }), ...(state === undefined ? {} : { state }) }
}
