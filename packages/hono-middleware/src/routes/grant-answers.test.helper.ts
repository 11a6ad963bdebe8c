type Step = readonly [route: string, request: (ids: Map<string, string>) => readonly [path: string, options?: object]]

const why = { reason: 'a test' }
const preview = { agent: 'intern', action: 'refund.create', matcher: { args: { cents: { between: [70, 80] } } } }
const grant = () => ({ ...preview, ...why, uses: 2, expiresAt: new Date(Date.now() + 60_000).toISOString() })
const attempt = (cents: number) => ({ agent: 'intern', action: 'refund.create', args: { cents } })

/** Requests by which the routes of grants are answered, and those of triggers where a grant lets them through. */
export const GRANT_STEPS: readonly Step[] = [
  ['post /grants/preview', () => ['/grants/preview', { as: 'supervisor', body: preview }]],
  ['post /grants', () => ['/grants', { as: 'supervisor', body: grant() }]],
  ['post /triggers', () => ['/triggers', { as: 'service', body: { ...attempt(70), claim: true } }]],
  ['post /triggers/check', () => ['/triggers/check', { as: 'service', body: attempt(71) }]],
  ['get /grants', () => ['/grants?agent=intern&state=active']],
  ['get /grants/{id}', (ids) => [`/grants/${ids.get('grant')}`]],
  ['delete /grants/{id}', (ids) => [`/grants/${ids.get('grant')}`, { as: 'supervisor', body: why }]],
  ['get /agents/{id}/suggestions', () => ['/agents/intern/suggestions']],
]
