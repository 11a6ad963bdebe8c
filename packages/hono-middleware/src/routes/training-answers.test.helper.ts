type Step = readonly [route: string, request: (ids: Map<string, string>) => readonly [path: string, options?: object]]

const why = { reason: 'a test' }
const session = (ids: Map<string, string>, rest = ''): string =>
  `/maturity/training/sessions/${ids.get('course')}${rest}`
const sum = {
  id: 'refund.sum',
  version: 1,
  topic: 'sums',
  capability: 'refund',
  task: 'Add up.',
  input: { numbers: [1, 2] },
  grader: { kind: 'exact', expected: 3 },
  weight: 1,
}
const attempt = (agent: string) => ({ agent, action: 'refund.create', args: { cents: 1 } })

/** A student that is blocked, and what becomes of its course. */
function course(agent: string, ...steps: readonly Step[]): readonly Step[] {
  const proposal = (ids: Map<string, string>): string => `/maturity/training/proposals/${ids.get('trainingProposal')}`
  return [
    ['post /agents', () => ['/agents', { body: { id: agent, ownerId: 'system' } }]],
    ['post /triggers', () => ['/triggers', { as: 'service', body: attempt(agent) }]],
    ['post /maturity/training/proposals/{id}/design', (ids) => [`${proposal(ids)}/design`, { as: 'supervisor' }]],
    [
      'post /maturity/training/proposals/{id}/approve',
      (ids) => [`${proposal(ids)}/approve`, { as: 'supervisor', body: { hoursPerDay: 4 } }],
    ],
    ...steps,
  ]
}

const step = (verb: 'start' | 'pause' | 'resume'): Step => [
  `post /maturity/training/sessions/{id}/${verb}`,
  (ids) => [session(ids, `/${verb}`), { as: 'supervisor' }],
]

/** Requests by which the routes of training are answered. */
export const TRAINING_STEPS: readonly Step[] = [
  ['post /maturity/training/scenarios', () => ['/maturity/training/scenarios', { body: { scenarios: [sum] } }]],
  ['get /maturity/training/scenarios', () => ['/maturity/training/scenarios?limit=5']],
  ...course(
    'pupil-1',
    step('start'),
    step('pause'),
    step('resume'),
    [
      'post /maturity/training/sessions/{id}/answers',
      (ids) => [session(ids, '/answers'), { as: 'supervisor', body: { scenario: 'refund.sum', answer: 3 } }],
    ],
    ['get /maturity/training/sessions/{id}', (ids) => [session(ids)]],
    ['get /maturity/training/sessions', () => ['/maturity/training/sessions?agent=pupil-1&state=completed']],
    ['get /maturity/agents/{id}/training-history', () => ['/maturity/agents/pupil-1/training-history']],
    [
      'post /blocked-triggers/{id}/retry',
      (ids) => [`/blocked-triggers/${ids.get('blockedTrigger')}/retry`, { as: 'supervisor' }],
    ],
  ),
  ...course('pupil-2', step('start'), [
    'post /maturity/training/sessions/{id}/complete',
    (ids) => [session(ids, '/complete'), { as: 'supervisor', body: { score: 0.5, reason: 'Watched it.' } }],
  ]),
  ...course('pupil-3', [
    'post /maturity/training/sessions/{id}/cancel',
    (ids) => [session(ids, '/cancel'), { body: why }],
  ]),
  ['post /agents', () => ['/agents', { body: { id: 'pupil-4', ownerId: 'system' } }]],
  ['post /triggers', () => ['/triggers', { as: 'service', body: attempt('pupil-4') }]],
  [
    'post /maturity/training/proposals/{id}/reject',
    (ids) => [`/maturity/training/proposals/${ids.get('trainingProposal')}/reject`, { as: 'supervisor', body: why }],
  ],
]
