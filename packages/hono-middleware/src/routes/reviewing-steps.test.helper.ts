/** Requests by which every route is answered once, in an order in which each finds what it needs. */
export type Step = readonly [
  route: string,
  request: (ids: Map<string, string>) => readonly [path: string, options?: object],
]

/** The body of an attempt. */
export function attempt(agent: string, cents: number): Readonly<Record<string, unknown>> {
  return { agent, action: 'refund.create', args: { cents }, run: `run-${cents}` }
}

const HOUR = 3_600_000
const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR).toISOString()
const shown = (ids: Map<string, string>) => ({ version: 1, actionHash: ids.get('proposal:hash') })

const ATTENDED: Readonly<Record<string, (ids: Map<string, string>) => object>> = {
  assign: () => ({ to: 'sue' }),
  acknowledge: () => ({}),
  snooze: () => ({ until: inHours(1) }),
  comments: () => ({ text: 'Look at the cents.' }),
  extend: (ids) => ({ ...shown(ids), until: inHours(48) }),
}

const asked = (cents: number, action: string): Step => [
  'post /triggers',
  () => ['/triggers', { as: 'service', body: { ...attempt('intern', cents), action } }],
]

const batch: Step = [
  'post /maturity/proposals/batch',
  (ids) => {
    const items = [{ id: ids.get('proposal:id'), ...shown(ids) }]
    return ['/maturity/proposals/batch', { as: 'supervisor', body: { decision: 'approve', items } }]
  },
]

/** What reviewers do besides deciding on one proposal. */
export const REVIEWING_STEPS: readonly Step[] = [
  asked(70, 'refund.create'),
  [
    'post /maturity/proposals/{id}/advice',
    (ids) => [`/maturity/proposals/${ids.get('proposal:id')}/advice`, { as: 'supervisor' }],
  ],
  ['get /maturity/proposals/{id}/advice', (ids) => [`/maturity/proposals/${ids.get('proposal:id')}/advice?limit=1`]],
  [
    'post /agents',
    () => ['/agents', { body: { id: 'chief', maturity: 'autonomous', ownerId: 'system', capabilities: ['refund'] } }],
  ],
  [
    'post /maturity/proposals/{id}/review',
    (ids) => [`/maturity/proposals/${ids.get('proposal:id')}/review`, { as: 'supervisor' }],
  ],
  ['get /reviews', () => ['/reviews?state=completed&agent=intern']],
  ['get /reviews/{id}', (ids) => [`/reviews/${ids.get('review')}`]],
  ['get /reviewers', () => ['/reviewers?limit=1']],
  ['post /reviewers/{id}/suspend', () => ['/reviewers/chief/suspend', { body: { reason: 'a test' } }]],
  ['post /reviewers/{id}/resume', () => ['/reviewers/chief/resume', { body: { reason: 'a test' } }]],
  ['get /maturity/proposals/{id}/card', (ids) => [`/maturity/proposals/${ids.get('proposal:id')}/card`]],
  ...Object.entries(ATTENDED).map(
    ([verb, body]): Step => [
      `post /maturity/proposals/{id}/${verb}`,
      (ids) => [`/maturity/proposals/${ids.get('proposal:id')}/${verb}`, { as: 'supervisor', body: body(ids) }],
    ],
  ),
  ['get /maturity/proposals/{id}/comments', (ids) => [`/maturity/proposals/${ids.get('proposal:id')}/comments`]],
  ['put /actions', () => ['/actions', { body: { actions: { 'note.write': { risk: 'medium' } } } }]],
  asked(71, 'note.write'),
  batch,
  // Decided by now, which stands in the answer.
  batch,
  ['get /maturity/agents/{id}/proposal-history', () => ['/maturity/agents/intern/proposal-history?limit=2']],
]
