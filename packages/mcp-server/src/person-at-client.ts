import type { ElicitRequestFormParams, ElicitRequestURLParams, ElicitResult } from '@modelcontextprotocol/sdk/types.js'
import { GovernanceError } from '@preceptor/client'

/** How the person at the client is asked; the model neither sees the question nor answers it. */
export interface PersonAtClient {
  readonly ask: (params: ElicitRequestFormParams | ElicitRequestURLParams) => Promise<ElicitResult>
  readonly hasForms: boolean
  readonly hasAddresses: boolean
  /** Address of the dashboard, where what is grave is decided. */
  readonly dashboardUrl: string | undefined
}

/** What the model does after a person who did not decide. */
export const LEFT = 'The person did not decide: leave it, and do not ask again unless told to.'

/** The error where a client has no way to ask. */
export function cannotAsk(about: string): GovernanceError {
  return new GovernanceError('PERMISSION_DENIED', {
    message: `This client cannot ask a person about ${about} in the way that its risk asks for.`,
    hint: 'Tell the person to decide in the dashboard.',
  })
}

/** The error for an answer that lacks something. */
export function incomplete(what: string): GovernanceError {
  return new GovernanceError('INPUT_INVALID', {
    message: `The answer of the person is not complete: ${what}.`,
    hint: 'Tell the person, and call this tool again.',
  })
}
