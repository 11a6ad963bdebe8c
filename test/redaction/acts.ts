import type { Decision, JsonObject, Proposal } from '@preceptor/client'
import { vi } from 'vitest'
import type { Stage } from './stage.ts'
import { listenTo } from './streams.ts'

const PATIENCE = { timeout: 20_000, interval: 25 }

/** Args with a secret in every kind of place. */
export function secretArgs({ canaries }: Stage, place: string): JsonObject {
  return {
    account: 'acme',
    token: canaries.formless(`${place}.token`),
    nested: [{ label: 'door', pin: canaries.formless(`${place}.pin`) }],
    note: `Use ${canaries.known(`${place}.note`)} for it.`,
    headers: {
      authorization: `Bearer ${canaries.formless(`${place}.bearer`)}`,
      'x-api-key': canaries.formless(`${place}.key`),
    },
  }
}

/** What surrounds an attempt, with secrets in it. */
function surroundings({ canaries }: Stage, place: string): JsonObject {
  return {
    context: {
      request: `Please use ${canaries.known(`${place}.request`)}.`,
      plan: { password: canaries.formless(`${place}.plan`) },
    },
    resource: `https://user:${canaries.formless(`${place}.resource`)}@bank.example/accounts`,
  }
}

/** Attempts over HTTP, as an agent. */
async function attempt(
  stage: Stage,
  agent: string,
  { action, place, more = {} }: { readonly action: string; readonly place: string; readonly more?: JsonObject },
): Promise<Decision> {
  const { body } = await stage.ask(agent, 'POST', '/triggers', {
    body: {
      agent,
      action,
      args: secretArgs(stage, place),
      ...surroundings(stage, place),
      idempotencyKey: place,
      ...more,
    },
  })
  const decision = body.decision ?? body
  if (decision.route === undefined) throw new Error(JSON.stringify(body))
  return decision
}

async function proposalOf(stage: Stage, place: string, action = 'vault.rotate'): Promise<Proposal> {
  const decision = await attempt(stage, 'intern', { action, place })
  if (decision.route !== 'proposal') throw new Error(decision.reason)
  return stage.as('ada').proposals.get(decision.proposal.id)
}

/** An intern proposes; people and models say things, and decide in every way. */
export async function propose(stage: Stage): Promise<void> {
  const { canaries, ask } = stage
  const secret = (place: string): string => `Because of ${canaries.known(place)}.`
  const path = (proposal: Proposal, verb: string): string => `/maturity/proposals/${proposal.id}/${verb}`
  const shown = ({ version, actionHash }: Proposal) => ({ version, actionHash })

  const judged = await proposalOf(stage, 'judged', 'vault.pay')
  await ask('sue', 'POST', path(judged, 'comments'), { body: { text: secret('comment') } })
  stage.say(() => ({
    status: 500,
    text: JSON.stringify({ error: { message: `Wrong key ${canaries.known('provider-error')}` } }),
  }))
  await ask('sue', 'POST', path(judged, 'advice'))
  stage.say(() => ({
    text: JSON.stringify({ verdict: 'deny', action_hash: judged.actionHash, reasons: [secret('verdict')] }),
  }))
  await ask('sue', 'POST', path(judged, 'review'))
  stage.say(() => ({
    text: JSON.stringify({
      ...{ actionHash: judged.actionHash, version: 1, verdict: 'reject', suggestions: [], reasons: [secret('advice')] },
    }),
  }))
  await ask('sue', 'POST', path(judged, 'advice'))
  await ask('sue', 'POST', path(judged, 'extend'), {
    body: { ...shown(judged), until: new Date(Date.now() + 7_200_000).toISOString() },
  })
  const extended = await stage.as('ada').proposals.get(judged.id)
  await ask('sue', 'POST', path(judged, 'reject'), {
    body: { ...shown(extended), category: 'other', reason: secret('rejection') },
  })

  const edited = await proposalOf(stage, 'edited')
  await ask('sue', 'POST', path(edited, 'approve'), {
    body: { ...shown(edited), args: secretArgs(stage, 'edited-args'), reason: secret('approval') },
  })
  await stage
    .remote('intern')
    .guard(
      {
        ...{ agent: 'intern', action: 'vault.rotate', idempotencyKey: 'edited' },
        args: secretArgs(stage, 'edited'),
        ...surroundings(stage, 'edited'),
      },
      ({ args }) => {
        throw new Error(`Cannot use ${String(args.token)} at {"password":"${canaries.formless('guard-error')}"}`)
      },
    )
    .catch(() => undefined)

  const answered = await proposalOf(stage, 'answered')
  await ask('sue', 'POST', path(answered, 'respond'), {
    body: { ...shown(answered), response: { say: secret('response') }, reason: secret('response-reason') },
  })
  const cancelled = await proposalOf(stage, 'cancelled')
  await ask('ada', 'POST', path(cancelled, 'cancel'), { body: { reason: secret('cancellation') } })

  for (const action of ['vault.call', 'vault.give']) {
    const registered = await proposalOf(stage, action, action)
    await ask('sue', 'POST', path(registered, 'approve'), { body: shown(registered) })
    await vi.waitFor(async () => {
      const { state } = await stage.as('ada').proposals.get(registered.id)
      if (!['succeeded', 'failed'].includes(state)) throw new Error(state)
    }, PATIENCE)
  }

  await preapprove(stage)
  // One stays open, for those who read.
  await proposalOf(stage, 'open')
}

/** A grant is made, and one that names what is hidden is not. */
async function preapprove({ canaries, ask }: Stage): Promise<void> {
  const secret = (place: string): string => `Because of ${canaries.known(place)}.`
  const hidden = { args: { token: { equals: canaries.formless('hidden-matcher') } } }
  const grant = {
    ...{ agent: 'intern', action: 'vault.rotate' },
    matcher: { args: { account: { equals: canaries.known('matcher') }, token: { any: true } } },
  }
  const rest = { uses: 1, expiresAt: new Date(Date.now() + 3_600_000).toISOString() }
  await ask('sue', 'POST', '/grants', { body: { ...grant, matcher: hidden, ...rest, reason: 'x' } })
  await ask('sue', 'POST', '/grants/preview', { body: grant })
  const { body: granted } = await ask('sue', 'POST', '/grants', {
    body: { ...grant, ...rest, reason: secret('grant') },
  })
  await ask('sue', 'DELETE', `/grants/${granted.id}`, { body: { reason: secret('grant-end') } })
}

/** A student is blocked, trained and answers. */
export async function train(stage: Stage): Promise<void> {
  const { canaries, ask } = stage
  const decision = await attempt(stage, 'pupil', { action: 'vault.rotate', place: 'blocked' })
  if (decision.route !== 'training') throw new Error(decision.reason)
  const course = `/maturity/training/proposals/${decision.trainingProposal.id}`
  stage.say((asked) => ({
    text: asked.includes('proposalId') ? 'no' : `{"score": 0.5, "feedback": "${canaries.known('feedback-of-model')}"}`,
  }))
  await ask('sue', 'POST', `${course}/design`)
  const scenario = (id: string, grader: JsonObject): JsonObject => ({
    ...{
      id,
      version: 1,
      topic: 'vaults',
      capability: 'vault',
      task: 'Say it.',
      input: { of: 'vault' },
      grader,
      weight: 1,
    },
  })
  await ask('ada', 'POST', '/maturity/training/scenarios', {
    body: {
      scenarios: [
        scenario('vault.rubric', { kind: 'rubric', rubric: 'Is it right?' }),
        scenario('vault.human', { kind: 'human', instructions: 'Look at it.' }),
      ],
    },
  })
  const { body: approved } = await ask('sue', 'POST', `${course}/approve`, { body: {} })
  const session = `/maturity/training/sessions/${approved.sessionId}`
  await ask('sue', 'POST', `${session}/start`)
  const { body: detail } = await ask('sue', 'GET', session)
  for (const { scenario: id } of detail.scenarios) {
    await ask('sue', 'POST', `${session}/answers`, {
      body: {
        scenario: id,
        answer: { text: `It is ${canaries.known(`answer-${id}`)}`, password: canaries.formless(`answer-key-${id}`) },
      },
    })
    await ask('sue', 'POST', `${session}/answers`, {
      body: { scenario: id, score: 0.5, feedback: `Not ${canaries.known(`feedback-${id}`)}` },
    })
  }
  await ask('sue', 'POST', `${session}/complete`, { body: { score: 0.4, reason: canaries.known('score-reason') } })
}

/** A supervised run that says much, is corrected and ended. */
export async function watch(stage: Stage): Promise<void> {
  const { canaries, ask } = stage
  const queued = await attempt(stage, 'watched', { action: 'vault.rotate', place: 'queued' })
  if (queued.route !== 'queue') throw new Error(queued.reason)
  await ask('ada', 'DELETE', `/supervised-queue/${queued.queueEntry.id}?reason=${canaries.known('queue-reason')}`)
  await stage.as('sue').presence.heartbeat()
  const sue = stage.as('sue')
  let isTold = (): void => undefined
  const told = new Promise<void>((resolve) => (isTold = resolve))
  let isCorrected = (): void => undefined
  const corrected = new Promise<void>((resolve) => (isCorrected = resolve))
  const run = stage.as('watched').guard(
    {
      agent: 'watched',
      action: 'vault.rotate',
      args: secretArgs(stage, 'watched'),
      run: canaries.known('run'),
      idempotencyKey: 'watched',
    },
    async ({ args, emit, checkpoint }) => {
      emit({
        kind: 'log',
        level: 'info',
        message: `It is ${canaries.known('log')} for ${String(args.token)}\r\n\u001b[2Jfake`,
      })
      emit({
        kind: 'progress',
        value: 0.5,
        message: `With ${canaries.known('progress')} and ${JSON.stringify(args)}`,
      })
      emit({ kind: 'output', text: `{"password":"${canaries.formless('output')}","token":"${String(args.token)}"}` })
      isTold()
      await corrected
      await checkpoint()
      throw new Error(`It failed with ${String(args.token)} and ${canaries.known('run-error')}`)
    },
  )
  const session = await vi.waitFor(async () => {
    const [waiting] = (await sue.sessions.list({ state: 'active' })).items
    if (waiting === undefined) throw new Error('No session waits.')
    return waiting
  }, PATIENCE)
  const place = `/supervision/sessions/${session.id}`
  const endStreams = [await listenTo(stage, 'sue', `${place}/stream`), await listenTo(stage, 'vic', `${place}/stream`)]
  await ask('sue', 'POST', `${place}/attach`)
  await told
  await ask('sue', 'POST', `${place}/intervene`, {
    body: { type: 'correct', guidance: `Take ${canaries.known('guidance')}` },
  })
  isCorrected()
  await run.catch(() => undefined)
  await ask('sue', 'POST', `${place}/intervene`, { body: { type: 'pause', reason: canaries.known('pause-reason') } })
  await ask('sue', 'POST', `${place}/complete`, { body: { rating: 3, feedback: canaries.known('session-feedback') } })
  for (const end of endStreams) end()
  await ask('sue', 'GET', place)
  await ask('vic', 'GET', place)
  await ask('sue', 'GET', `${place}/events`)
  await ask('vic', 'GET', `${place}/events`)
}

/** A free agent acts, safely and not. */
export async function act(stage: Stage): Promise<void> {
  const { canaries } = stage
  const free = stage.as('free')
  const attempts: readonly (readonly [string, () => unknown])[] = [
    ['vault.read', () => ({ value: canaries.formless('safe-value') })],
    ['vault.rotate', () => ({ value: canaries.formless('run-value'), key: canaries.known('run-value-known') })],
    [
      'vault.pay',
      () => {
        throw new Error(`No: ${canaries.known('pay-error')}`)
      },
    ],
  ]
  for (const [action, run] of attempts) {
    const trigger = {
      agent: 'free',
      action,
      args: secretArgs(stage, `free-${action}`),
      idempotencyKey: `free-${action}`,
    }
    await free.guard(trigger, run).catch(() => undefined)
    const again = await free.guard(trigger, run).catch((error: unknown) => ({ error: String(error) }))
    stage.sinks.add('replayed results', again)
  }
  await stage.ask('free', 'POST', '/agents/free/incidents', { body: { reason: canaries.known('incident-of-agent') } })
}

/** Administrators say why. */
export async function administer(stage: Stage): Promise<void> {
  const { canaries, ask } = stage
  const because = (place: string) => ({ reason: `Because of ${canaries.known(place)}.` })
  for (const verb of ['pause', 'resume', 'attest', 'incidents', 'stop'] as const) {
    await ask('ada', 'POST', `/agents/free/${verb}`, { body: because(`agent-${verb}`) })
  }
  await ask('ada', 'POST', '/agents/watched/demote', { body: { ...because('demotion'), to: 'intern' } })
  await ask('ada', 'PUT', '/policies', { body: { ...because('policy'), document: {}, basedOn: 0 } })
  const { body: stop } = await ask('ada', 'POST', '/stops', {
    body: { ...because('stop'), target: 'agent', agent: 'free' },
  })
  await ask('ada', 'DELETE', `/stops/${stop.id}?reason=${canaries.known('stop-end')}`)
  const { body: incidents } = await ask('ada', 'GET', '/agents/free/incidents')
  await ask('ada', 'POST', `/agents/free/incidents/${incidents.items[0]?.id}/close`, { body: because('incident-end') })
  await ask('ada', 'POST', '/reviewers/chief/suspend', { body: because('suspension') })
  await ask('ada', 'POST', '/reviewers/chief/resume', { body: because('suspension-end') })
}

/** People write down what agents have learned, and deploy it. */
export async function teach({ canaries, ask }: Stage): Promise<void> {
  const says = (place: string): string => `Use ${canaries.known(`playbook-${place}`)} for it.`
  const example = { input: says('input'), output: says('output'), note: says('example-note') }
  const { body } = await ask('sue', 'POST', '/playbooks', {
    body: {
      agentType: 'vault',
      name: says('name'),
      instructions: says('text'),
      examples: [example],
      note: says('note'),
    },
  })
  const deployment = { version: 1, tier: 'system', force: true, reason: says('deployment') }
  const { body: deployed } = await ask('sue', 'POST', `/playbooks/${body.playbook}/deployments`, { body: deployment })
  const { body: loaded } = await ask('free', 'GET', '/playbooks/effective?agentType=vault')
  if (loaded.effective?.deployment !== deployed.id) throw new Error(JSON.stringify({ deployed, loaded }))
  await ask('sue', 'POST', `/playbooks/deployments/${deployed.id}/rollback`, { body: { reason: says('rollback') } })
}

/** Requests that are refused, with secrets where they do not belong. */
export async function fail(stage: Stage): Promise<void> {
  const { canaries, ask } = stage
  await ask('', 'GET', `/agents?api_key=${canaries.known('query-key')}`)
  await ask('', 'GET', '/agents', { headers: { authorization: `Bearer ${canaries.formless('wrong-key')}` } })
  await ask('', 'GET', '/agents', {
    headers: { authorization: `Basic ${canaries.formless('basic')}`, cookie: `session=${canaries.formless('cookie')}` },
  })
  await ask('ada', 'GET', `/users/${canaries.known('user-in-path')}/activity/state`)
  await ask('ada', 'GET', `/agents/${canaries.known('agent-in-path')}`)
  await ask('ada', 'GET', `/no/such/${canaries.known('path')}`)
  await ask('ada', 'POST', '/triggers', { raw: `{"agent": "intern", "token": "${canaries.formless('broken-json')}` })
  await ask('ada', 'POST', '/triggers', { raw: `{"agent": "intern", "agent": "${canaries.formless('twice')}"}` })
  await ask('ada', 'POST', '/members', { body: { password: canaries.formless('no-route') } })
  await ask('ada', 'POST', '/keys', {
    body: { displayName: 'x', principalKind: canaries.formless('bad-enum'), principalId: 'x' },
  })
  await ask('ada', 'POST', '/webhooks', {
    body: { url: `ftp://user:${canaries.formless('bad-url')}@example.com`, events: ['alert.raised'] },
  })
  await ask('ada', 'POST', '/webhooks', {
    body: {
      url: `${stage.receiver}/${canaries.formless('url-path')}?token=${canaries.known('url-query')}`,
      events: ['proposal.created', 'decision.made', 'run.failed', 'proposal.rejected', 'session.started'].filter(
        (kind) => kind !== 'session.started',
      ),
    },
  })
  await ask('intern', 'POST', '/triggers', {
    body: {
      agent: 'intern',
      action: 'vault.rotate',
      args: {
        account: 'x',
        token: 1,
        nested: [{ pin: canaries.formless('bad-arg'), label: 5 }],
        [canaries.known('bad-name')]: 1,
      },
    },
  })
  await ask('intern', 'POST', '/triggers', {
    body: {
      agent: 'intern',
      action: 'vault.strict',
      args: { pin: Number(canaries.keep('bad-number', '884422113377')), word: canaries.formless('bad-const') },
    },
  })
  await ask('intern', 'POST', '/triggers', {
    body: {
      agent: 'intern',
      action: `vault.${canaries.known('bad-action')}`,
      args: { x: canaries.formless('unknown-action') },
    },
  })
  await ask('ada', 'PUT', '/policies', {
    body: {
      document: { actions: { 'vault.pay': { when: `args.token == "${canaries.formless('bad-condition')}" &&` } } },
      basedOn: 0,
      reason: 'x',
    },
  })
  await ask('ada', 'GET', `/journal?cursor=${canaries.formless('cursor')}`)
  await ask('ada', 'POST', '/agents/intern/pause', {
    body: { reason: 'x' },
    headers: { 'idempotency-key': canaries.known('idempotency') },
  })
  await ask('ada', 'POST', '/agents/intern/resume', { body: { reason: 'x' } })
  await ask('ada', 'GET', '/journal', { headers: { traceparent: canaries.formless('traceparent') } })
}
