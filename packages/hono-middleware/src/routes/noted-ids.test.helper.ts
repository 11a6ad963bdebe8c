/** Notes the ids that later steps ask for. */
export function noteIds(
  ids: Map<string, string>,
  route: string,
  // What an answer holds is what each test is about.
  body: ReturnType<typeof JSON.parse>,
): void {
  if (route === 'post /triggers') {
    ids.set(body.route, body.id)
    for (const name of ['blockedTrigger', 'trainingProposal', 'session', 'queueEntry']) {
      if (body[name] !== undefined) ids.set(name, body[name].id)
    }
    if (body.proposal !== undefined) {
      ids.set('proposal:id', body.proposal.id).set('proposal:hash', body.proposal.actionHash)
    }
  }
  if (route === 'post /triggers/guard') ids.set(body.status, body.decision.id)
  if (route === 'post /keys') ids.set('key', body.key.id)
  if (route === 'post /grants') ids.set('grant', body.id)
  if (route === 'post /maturity/training/proposals/{id}/approve') ids.set('course', body.sessionId)
  if (route === 'post /maturity/proposals/{id}/review') ids.set('review', body.id)
  if (route === 'post /playbooks') ids.set('playbook', body.playbook)
  if (route === 'post /playbooks/{id}/deployments') ids.set('deployment', body.id)
  if (route === 'post /bypasses') ids.set('bypass', body.id)
  if (route === 'post /stops') ids.set('stop', body.id)
  if (route === 'post /users/{id}/activity/heartbeat') ids.set('presenceSession', body.sessionId)
  if (route === 'get /agents/{id}/incidents') ids.set('incident', body.items[0].id)
}
