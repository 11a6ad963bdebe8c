import { GovernanceError, type Scope } from '@preceptor/client'

/**
 * What a person does by hand needs no level of trust; what a model asks for does, whoever's credential it has.
 *
 * @throws GovernanceError `SOURCE_MISMATCH`
 */
export function assertNotByHand({ source }: Pick<Scope, 'source'>): void {
  if (source !== 'manual') return
  throw new GovernanceError('SOURCE_MISMATCH', {
    message: 'What a model asks for is not done by hand, and this credential is that of a person who acts by hand.',
    hint: 'Use the credential of the agent, or a key whose source is ai_coordinator.',
  })
}
