import { GovernanceError } from '@preceptor/client'
import type { GovernorOptions } from '@preceptor/core'

const GROUP = /^(principal|agent|workspace|credentials)=(?:(off)|(\d{1,9})\/(\d{1,5}))$/

/**
 * Reads `PRECEPTOR_RATE_LIMITS`, which is `off` or names groups as in `principal=2000/10,agent=off`, and
 * `PRECEPTOR_TRUSTED_PROXIES`, how many proxies of one's own stand in front.
 *
 * @throws GovernanceError `OPTION_INVALID`
 */
export function readRateLimits(env: Readonly<Record<string, string | undefined>>): Pick<GovernorOptions, 'rateLimits'> {
  const { PRECEPTOR_RATE_LIMITS: limits = '', PRECEPTOR_TRUSTED_PROXIES: proxies = '' } = env
  if (limits === 'off') return { rateLimits: false }
  if (!/^\d{0,2}$/.test(proxies)) throw invalid('PRECEPTOR_TRUSTED_PROXIES', proxies)
  const groups = limits === '' ? [] : limits.split(',').map(readGroup)
  return {
    rateLimits: { ...Object.fromEntries(groups), ...(proxies === '' ? {} : { trustedProxies: Number(proxies) }) },
  }
}

function readGroup(text: string): readonly [string, false | { readonly points: number; readonly seconds: number }] {
  const [, group, off, points, seconds] = GROUP.exec(text.trim()) ?? []
  if (group === undefined) throw invalid('PRECEPTOR_RATE_LIMITS', text)
  return [group, off === undefined ? { points: Number(points), seconds: Number(seconds) } : false]
}

function invalid(name: string, value: string): GovernanceError {
  return new GovernanceError('OPTION_INVALID', {
    message: `${name}: ${JSON.stringify(value)} cannot be read.`,
    hint: 'PRECEPTOR_RATE_LIMITS is "off", or groups such as principal=2000/10,agent=off; PRECEPTOR_TRUSTED_PROXIES is a number.',
  })
}
