import type { Step } from './reviewing-steps.test.helper.ts'

/** Who gets in no more, and where to. */
export const ACCESS_STEPS: readonly Step[] = [
  ['post /keys', () => ['/keys', { body: { displayName: 'k', principalKind: 'agent', principalId: 'intern' } }]],
  ['post /keys/{id}/rotate', (ids) => [`/keys/${ids.get('key')}/rotate`, { body: {} }]],
  ['delete /memberships/{id}', () => ['/memberships/vic']],
  ['post /workspaces', () => ['/workspaces', { as: 'system', body: { id: 'north' } }]],
  ['get /workspaces', () => ['/workspaces', { as: 'system' }]],
]
