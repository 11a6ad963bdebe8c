type Step = readonly [route: string, request: (ids: Map<string, string>) => readonly [path: string, options?: object]]

const why = { reason: 'a test' }
const example = { input: 'Refund parcel 7?', output: 'Ask for the photo.', note: 'as sue said', source: 'prp_7' }
const writing = { agentType: 'support', name: 'Support', instructions: 'Be kind.\nBe brief.', examples: [example] }
const deployed = { ...why, version: 1, tier: 'project', target: 'shop', force: true }

/** Requests by which the routes of playbooks are answered. */
export const PLAYBOOK_STEPS: readonly Step[] = [
  ['get /playbooks/effective', () => ['/playbooks/effective?agentType=support']],
  ['post /playbooks', () => ['/playbooks', { as: 'supervisor', body: { ...writing, basedOn: 0, note: 'first' } }]],
  ['get /playbooks', () => ['/playbooks?agentType=support']],
  ['get /playbooks/{id}', (ids) => [`/playbooks/${ids.get('playbook')}`]],
  ['get /playbooks/{id}/versions', (ids) => [`/playbooks/${ids.get('playbook')}/versions`]],
  ['get /playbooks/{id}/versions/{version}', (ids) => [`/playbooks/${ids.get('playbook')}/versions/1`]],
  ['get /playbooks/{id}/diff', (ids) => [`/playbooks/${ids.get('playbook')}/diff?to=1`]],
  ['post /playbooks/{id}/deployments', (ids) => [`/playbooks/${ids.get('playbook')}/deployments`, { body: deployed }]],
  ['get /playbooks/effective', () => ['/playbooks/effective?agentType=support&project=shop&unit=run-1']],
  [
    'get /playbooks/{id}/deployments',
    (ids) => [`/playbooks/${ids.get('playbook')}/deployments?tier=project&target=shop&state=active`],
  ],
  [
    'post /playbooks/deployments/{id}/rollback',
    (ids) => [`/playbooks/deployments/${ids.get('deployment')}/rollback`, { as: 'supervisor', body: why }],
  ],
]
