import type { Step } from './reviewing-steps.test.helper.ts'

/** What is asked of the supervised queue, once an entry waits. */
export const QUEUE_STEPS: readonly Step[] = [
  ['get /supervised-queue/stats', () => ['/supervised-queue/stats']],
  ['get /supervised-queue/users/{id}', () => ['/supervised-queue/users/sue?limit=1']],
  ['post /supervised-queue/process', () => ['/supervised-queue/process', { as: 'supervisor' }]],
  ['post /supervised-queue/mark-expired', () => ['/supervised-queue/mark-expired', { as: 'supervisor' }]],
  [
    'post /supervised-queue/{id}/priority',
    (ids) => [
      `/supervised-queue/${ids.get('queueEntry')}/priority`,
      { as: 'supervisor', body: { priority: 9, reason: 'a test' } },
    ],
  ],
  [
    'delete /supervised-queue/{id}',
    (ids) => [`/supervised-queue/${ids.get('queueEntry')}?reason=a+test`, { as: 'supervisor' }],
  ],
]

/** What is asked of presence. */
export const PRESENCE_STEPS: readonly Step[] = [
  [
    'post /users/{id}/activity/heartbeat',
    () => ['/users/sue/activity/heartbeat', { as: 'supervisor', body: { active: false, sessionId: null } }],
  ],
  ['get /users/{id}/activity/sessions', () => ['/users/sue/activity/sessions']],
  ['delete /activity/sessions/{id}', (ids) => [`/activity/sessions/${ids.get('presenceSession')}`]],
  [
    'post /users/{id}/activity/override',
    () => ['/users/sue/activity/override', { body: { state: 'offline', until: null } }],
  ],
  ['delete /users/{id}/activity/override', () => ['/users/sue/activity/override']],
]
