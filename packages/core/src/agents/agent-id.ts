import { GovernanceError } from '@preceptor/client'

const AGENT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/
const RESERVED = new Set(['constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty'])

/** Tells whether a text can be the id of an agent. */
function isAgentId(id: string): boolean {
  return AGENT_ID.test(id) && !RESERVED.has(id)
}

/** @throws GovernanceError `INPUT_INVALID` for a text that cannot be the id of an agent. */
export function assertAgentId(id: string): void {
  if (isAgentId(id)) return
  throw new GovernanceError('INPUT_INVALID', {
    message: `${JSON.stringify(id.slice(0, 140))} cannot be the id of an agent.`,
    hint: 'Use 1 to 128 letters, digits, ".", "_" or "-", beginning with a letter or digit.',
  })
}
