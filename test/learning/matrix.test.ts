import { createLearning } from '@preceptor/learning'
import { learningRoutes } from '@preceptor/learning/hono'
import { describe, expect, it } from 'vitest'
import { OWN_AGENT, useApi } from '../hono/support.ts'

type Sample = readonly [method: 'GET' | 'POST', path: string, body?: unknown]

const plugin = createLearning({ automatic: false })
const { permissions } = plugin
const scoped = Object.keys(permissions).filter((operation) => permissions[operation]?.service === 'scoped')
const api = useApi({ plugins: [plugin] }, { routes: [learningRoutes()], scopes: scoped })

const why = { reason: 'a test' }
const about = { kind: 'subagent', id: 'a test' }
// An agent says nothing of itself, so that whoever gives feedback gives it on another one.
const feedback = {
  agent: 'other-bot',
  kind: 'correction',
  input: 'a question',
  output: 'an answer',
  correction: 'another',
  about,
}
const session = {
  agentType: 'qa',
  agent: OWN_AGENT,
  originalResponse: 'an answer',
  context: 'a question',
  format: 'mixed',
  mode: 'batch',
}
const strategies = { kind: 'strategies', a: 'generic', b: 'qa' }

/** One well-formed request for every operation; where it leads to nothing, the answer is 404 or 409 and not 403. */
const SAMPLES: Readonly<Record<string, Sample>> = {
  'learning.feedback.give': ['POST', '/learning/feedback', feedback],
  'learning.feedback.get': ['GET', '/learning/feedback/fbk_none'],
  'learning.feedback.list': ['GET', '/learning/feedback'],
  'learning.feedback.metrics': ['GET', `/learning/metrics/${OWN_AGENT}`],
  'learning.feedback.insights': ['GET', `/learning/insights/${OWN_AGENT}`],
  'learning.examples.get': ['GET', '/learning/examples/by-id/exm_none'],
  'learning.examples.list': ['GET', '/learning/examples'],
  'learning.examples.import': ['POST', '/learning/examples/import', { lines: '' }],
  'learning.examples.export': ['GET', '/learning/export/examples'],
  'learning.sessions.start': ['POST', '/learning/sessions', session],
  'learning.sessions.get': ['GET', '/learning/sessions/lss_none'],
  'learning.sessions.list': ['GET', '/learning/sessions'],
  'learning.analytics.statistics': ['GET', '/learning/statistics'],
  'learning.analytics.adaptations': ['GET', '/learning/adaptations'],
  'learning.analytics.predict': ['GET', '/learning/predictions/qa'],
  'learning.analytics.dashboard': ['GET', '/learning/dashboard/qa'],
  'learning.analytics.health': ['GET', '/learning/health'],
  'learning.analytics.export': ['GET', '/learning/export'],
  'learning.training.train': ['POST', `/learning/train/${OWN_AGENT}`, {}],
  'learning.training.get': ['GET', '/learning/training-runs/trn_none'],
  'learning.training.list': ['GET', '/learning/training-runs'],
  'learning.experiments.start': ['POST', '/learning/experiments', { agentType: 'qa', subject: strategies }],
  'learning.experiments.get': ['GET', '/learning/experiments/xpr_none'],
  'learning.experiments.list': ['GET', '/learning/experiments'],
  'learning.experiments.stop': ['POST', '/learning/experiments/xpr_none/stop', why],
}

const OF_ALL_AGENTS = new Set(['learning.feedback.give', 'learning.examples.import', 'learning.experiments.start'])

const CALLERS = ['admin', 'supervisor', 'viewer', 'agent', 'service', 'system'] as const
const cells = Object.entries(SAMPLES).flatMap(([operation, sample]) =>
  CALLERS.map((caller) => ({ operation, sample, caller, access: permissions[operation]?.[caller] ?? 'missing' })),
)

/** What belongs to the workspace `default`, asked for by an administrator of another one. */
const BY_ID: readonly Sample[] = Object.values(SAMPLES).filter(([, path]) =>
  /_none|\/(?:metrics|insights|train)\//.test(path),
)

describe('the permissions of learning over HTTP', () => {
  it('has a route and a sample for every operation [LEARN-3, I-36]', async () => {
    const { body } = await api.request('GET', '/openapi.json', { as: 'anonymous' })
    const paths: Record<string, Record<string, { 'x-permission': string }>> = body.paths
    const routed = Object.values(paths).flatMap((path) => Object.values(path).map((route) => route['x-permission']))
    const own = routed.filter((operation) => operation.startsWith('learning.'))
    expect([...new Set(own)].sort()).toEqual(Object.keys(permissions).sort())
    expect(Object.keys(SAMPLES).sort()).toEqual(Object.keys(permissions).sort())
  })

  it.each(cells)('$operation as $caller: $access [LEARN-3, I-36]', async ({ operation, sample, caller, access }) => {
    await api.governor
      .as({ workspace: 'default', principal: { kind: 'system', id: 'test', roles: [] } })
      .agents.register({ id: 'other-bot' })
      .catch(() => undefined)
    const [method, path, body] = sample
    const answer = await api.request(method, path, { as: caller, ...(body === undefined ? {} : { body }) })
    if (access === 'never') expect([answer.status, answer.body.code]).toEqual([403, 'PERMISSION_DENIED'])
    // The service of this test acts for one agent only.
    else if (caller === 'service' && OF_ALL_AGENTS.has(operation)) expect(answer.status).toBe(403)
    else expect([401, 403, 400, 500]).not.toContain(answer.status)
  })

  it.each(Object.entries(SAMPLES))(
    '%s without a credential, or without the scope [LEARN-3, I-36]',
    async (operation, sample) => {
      const [method, path, body] = sample
      const request = body === undefined ? {} : { body }
      expect((await api.request(method, path, { as: 'anonymous', ...request })).status).toBe(401)
      const unscoped = await api.request(method, path, { as: 'unscoped', ...request })
      expect(unscoped.status).toBe(403)
      if (permissions[operation]?.service === 'scoped') expect(unscoped.body.detail).toContain(operation)
    },
  )

  it.each(BY_ID.map((sample) => ({ sample, name: `${sample[0]} ${sample[1]}` })))(
    '$name of this workspace is nothing in another one [LEARN-3, I-34]',
    async ({ sample }) => {
      const [method, path, body] = sample
      const request = { as: { key: api.foreignKey }, ...(body === undefined ? {} : { body }) }
      expect((await api.request(method, path, request)).status).toBe(404)
    },
  )
})
