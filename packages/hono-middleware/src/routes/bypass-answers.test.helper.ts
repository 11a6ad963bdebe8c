type Step = readonly [route: string, request: (ids: Map<string, string>) => readonly [path: string, options?: object]]

const why = { reason: 'a test' }

/** Requests by which the routes of bypasses are answered; what this one covers is never attempted. */
export const BYPASS_STEPS: readonly Step[] = [
  ['post /bypasses', () => ['/bypasses', { body: { ...why, target: 'agent', agent: 'intern', action: 'no.such' } }]],
  ['get /bypasses', () => ['/bypasses']],
  ['delete /bypasses/{id}', (ids) => [`/bypasses/${ids.get('bypass')}?reason=a+test`]],
]
