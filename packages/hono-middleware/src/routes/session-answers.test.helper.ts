type Step = readonly [route: string, request: (ids: Map<string, string>) => readonly [path: string, options?: object]]

const why = { reason: 'a test' }

function act(verb: string, body: object): Step {
  return [
    `post /supervision/sessions/{id}/${verb}`,
    (ids) => [`/supervision/sessions/${ids.get('session')}/${verb}`, { as: 'supervisor', body }],
  ]
}

/** What a run in another process says. */
export const EMIT_STEP: Step = [
  'post /decisions/{id}/emit',
  (ids) => [
    `/decisions/${ids.get('permitted')}/emit`,
    { as: 'service', body: { agent: 'autonomous', fence: 1, events: [{ kind: 'output', text: 'so far' }] } },
  ],
]

/** Requests by which the routes of a session that somebody holds are answered. */
export const SESSION_STEPS: readonly Step[] = [
  act('intervene', { type: 'correct', guidance: 'Mind the fee.' }),
  act('intervene', { type: 'pause', ...why }),
  [
    'post /supervision/sessions/{id}/object',
    (ids) => [
      `/supervision/sessions/${ids.get('session')}/object`,
      { as: 'supervisor', body: { step: ids.get('supervision'), ...why } },
    ],
  ],
  act('hand-over', { to: 'ada' }),
  [
    'post /supervision/sessions/{id}/take-over',
    (ids) => [`/supervision/sessions/${ids.get('session')}/take-over`, { body: why }],
  ],
  ['get /supervision/sessions/{id}/events', (ids) => [`/supervision/sessions/${ids.get('session')}/events?limit=10`]],
  ['get /supervision/sessions/{id}', (ids) => [`/supervision/sessions/${ids.get('session')}`]],
  act('complete', { rating: 4, feedback: 'Careful.' }),
]
