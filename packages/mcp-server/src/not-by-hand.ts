import { GovernanceError } from '@preceptor/client'

/**
 * What a model asks for is never by hand, which is always allowed: the credential of a person would open the gate.
 *
 * @throws GovernanceError `SOURCE_MISMATCH`
 */
export function assertNotByHand(source: string): void {
  if (source !== 'manual') return
  throw new GovernanceError('SOURCE_MISMATCH', {
    message: 'What a model asks for is not done by hand, and this credential is that of a person who acts by hand.',
    hint: 'Use the credential of the agent, or a key whose source is ai_coordinator.',
  })
}
