type Step = readonly [route: string, request: () => readonly [path: string, options?: object]]

const hours = (): string => {
  const now = Date.now()
  return new URLSearchParams({
    from: new Date(now - 7_200_000).toISOString(),
    to: new Date(now + 1_000).toISOString(),
  }).toString()
}

/** Requests by which the routes of analytics are answered, and that of a simulation. */
export const ANALYTICS_STEPS: readonly Step[] = [
  ['get /analytics/summary', () => ['/analytics/summary']],
  ['get /analytics/decisions', () => ['/analytics/decisions']],
  ['get /analytics/routing', () => ['/analytics/routing']],
  ['get /analytics/maturity', () => ['/analytics/maturity']],
  ['get /analytics/reviewers', () => ['/analytics/reviewers']],
  ['get /analytics/training', () => ['/analytics/training']],
  ['get /analytics/supervision', () => ['/analytics/supervision']],
  ['get /analytics/decisions', () => [`/analytics/decisions?${hours()}&agent=intern&capability=refund`]],
  ['get /analytics/maturity', () => [`/analytics/maturity?${hours()}`]],
  ['get /analytics/system', () => ['/analytics/system?agent=intern']],
  ['get /policies/shadow', () => ['/policies/shadow', { as: 'supervisor' }]],
  [
    'post /policies/simulate',
    () => [
      '/policies/simulate',
      { as: 'supervisor', body: { document: { actions: { 'refund.create': { risk: 'critical' } } }, days: 30 } },
    ],
  ],
]
