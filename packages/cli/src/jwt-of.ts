import { GovernanceError } from '@preceptor/client'
import type { GovernorOptions } from '@preceptor/core'
import type { CommandCall } from './command.ts'

/**
 * The access tokens that are taken beside API keys, where the environment names who gives them.
 *
 * @throws GovernanceError `OPTION_INVALID` where a part is missing.
 */
export function jwtOf(env: CommandCall['host']['env']): GovernorOptions['jwt'] {
  const { PRECEPTOR_JWT_ISSUER: issuer, PRECEPTOR_JWT_AUDIENCE: audience, PRECEPTOR_JWT_KEYS: jwks } = env
  if (!issuer && !audience && !jwks) return undefined
  if (issuer && audience && jwks) return { issuer, audience, jwks }
  throw new GovernanceError('OPTION_INVALID', {
    message: 'Access tokens are set up, but not all that goes with them.',
    hint: 'Set PRECEPTOR_JWT_ISSUER, PRECEPTOR_JWT_AUDIENCE and PRECEPTOR_JWT_KEYS, the address of the key set, or none of them.',
  })
}
