import { createOrchestration } from '@preceptor/orchestration'
import { orchestrationRoutes } from '@preceptor/orchestration/hono'
import { beforeAll, describe, expect, it } from 'vitest'
import { OWN_AGENT, useApi } from '../hono/support.ts'

type Sample = readonly [method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown]

const plugin = createOrchestration()
const { permissions } = plugin
const scoped = Object.keys(permissions).filter((operation) => permissions[operation]?.service === 'scoped')
const api = useApi({ plugins: [plugin] }, { routes: [orchestrationRoutes()], scopes: scoped })

const why = { reason: 'a test' }
const definition = { name: 'a test', agent: OWN_AGENT, steps: [{ id: 'made', type: 'transform', value: 1 }] }
const answer = { approved: true, version: 1, actionHash: 'a'.repeat(64) }

const together = {
  mode: 'sequential',
  task: 'a test',
  members: [{ kind: 'agent', id: OWN_AGENT, action: 'note.write' }],
}
const ofNone = { collaboration: 'col_none' }

/** One well-formed request for every operation; where it leads to nothing, the answer is 404 or 409 and not 403. */
const SAMPLES: Readonly<Record<string, Sample>> = {
  'orchestration.workflows.create': ['POST', '/workflows', definition],
  'orchestration.workflows.validate': ['POST', '/workflows/validate', definition],
  'orchestration.workflows.get': ['GET', '/workflows/wfl_none'],
  'orchestration.workflows.list': ['GET', '/workflows'],
  'orchestration.workflows.update': ['PUT', '/workflows/wfl_none', { definition, base: 1 }],
  'orchestration.workflows.archive': ['POST', '/workflows/wfl_none/archive', why],
  'orchestration.workflows.versions': ['GET', '/workflows/wfl_none/versions'],
  'orchestration.workflows.drawing': ['GET', '/workflows/wfl_none/drawing'],
  'orchestration.runs.execute': ['POST', '/workflows/wfl_none/execute', {}],
  'orchestration.runs.get': ['GET', '/workflows/executions/wrn_none'],
  'orchestration.runs.list': ['GET', '/workflows/executions'],
  'orchestration.runs.cancel': ['POST', '/workflows/executions/wrn_none/cancel', why],
  'orchestration.runs.replay': ['POST', '/workflows/executions/wrn_none/replay', why],
  'orchestration.runs.resolve': [
    'POST',
    '/workflows/executions/wrn_none/steps/wst_none/resolve',
    { outcome: 'failed', ...why },
  ],
  'orchestration.runs.answer': ['POST', '/workflows/approvals/prp_none/approve', answer],
  'orchestration.schedules.create': ['POST', '/workflows/schedules', { workflow: 'wfl_none', cron: '0 9 * * *' }],
  'orchestration.schedules.get': ['GET', '/workflows/schedules/wsc_none'],
  'orchestration.schedules.list': ['GET', '/workflows/schedules'],
  'orchestration.schedules.remove': ['DELETE', '/workflows/schedules/wsc_none?reason=a+test'],
  'orchestration.collaborations.create': ['POST', '/collaboration/sessions', together],
  'orchestration.collaborations.get': ['GET', '/collaboration/sessions/col_none'],
  'orchestration.collaborations.list': ['GET', '/collaboration/sessions'],
  'orchestration.collaborations.join': [
    'POST',
    '/collaboration/sessions/col_none/members',
    { kind: 'user', id: 'ana' },
  ],
  'orchestration.collaborations.leave': [
    'POST',
    '/collaboration/sessions/col_none/members/remove',
    { member: 'user:sue' },
  ],
  'orchestration.collaborations.execute': ['POST', '/collaboration/sessions/col_none/execute', {}],
  'orchestration.collaborations.cancel': ['POST', '/collaboration/sessions/col_none/cancel', why],
  'orchestration.collaborations.messages': ['GET', '/collaboration/sessions/col_none/messages'],
  'orchestration.collaborations.send': ['POST', '/collaboration/sessions/col_none/messages', { text: 'hello' }],
  'orchestration.collaborations.context': ['GET', '/collaboration/sessions/col_none/context'],
  'orchestration.collaborations.put_context': [
    'PUT',
    '/collaboration/sessions/col_none/context',
    { base: 1, value: {} },
  ],
  'orchestration.delegations.create': ['POST', '/collaboration/delegations', { ...ofNone, to: 'user:sue', task: 'x' }],
  'orchestration.delegations.get': ['GET', '/collaboration/delegations/dlg_none'],
  'orchestration.delegations.list': ['GET', '/collaboration/delegations'],
  'orchestration.delegations.complete': ['POST', '/collaboration/delegations/dlg_none/complete', {}],
  'orchestration.delegations.reassign': [
    'POST',
    '/collaboration/delegations/dlg_none/reassign',
    { to: 'user:sue', ...why },
  ],
  'orchestration.consensus.open': ['POST', '/collaboration/consensus', { ...ofNone, topic: 'x' }],
  'orchestration.consensus.get': ['GET', '/collaboration/consensus/cns_none'],
  'orchestration.consensus.list': ['GET', '/collaboration/consensus'],
  'orchestration.consensus.vote': ['POST', '/collaboration/consensus/cns_none/vote', { abstain: true }],
}

const CALLERS = ['admin', 'supervisor', 'viewer', 'agent', 'service', 'system'] as const
const cells = Object.entries(SAMPLES).flatMap(([operation, sample]) =>
  CALLERS.map((caller) => ({ operation, sample, caller, access: permissions[operation]?.[caller] ?? 'missing' })),
)

/** What is in the workspace `default`, by the beginning of its id. */
const made: Record<string, string> = {}

beforeAll(async () => {
  const send = async (path: string, body: unknown) => (await api.request('POST', path, { body })).body
  const approval = { id: 'ask', type: 'approval', question: 'Really?' }
  const { id } = await send('/workflows', { ...definition, name: 'there', steps: [approval] })
  await api.governor
    .as({ workspace: 'default', principal: { kind: 'system', id: 'test', roles: [] } })
    .agents.register({ id: 'asking-bot', maturity: 'autonomous', ownerId: 'system' })
  const asking = await send('/workflows', { ...definition, name: 'asking', agent: 'asking-bot', steps: [approval] })
  const run = await send(`/workflows/${asking.id}/execute`, {})
  await api.governor.jobs.run('orchestration-step', {})
  const { body } = await api.request('GET', `/workflows/executions/${run.id}`)
  const schedule = await send('/workflows/schedules', { workflow: id, cron: '0 9 * * *' })
  const { id: col } = await send('/collaboration/sessions', together)
  Object.assign(made, {
    col,
    wfl: id,
    wrn: run.id,
    wst: body.steps[0].id,
    prp: body.steps[0].proposal,
    wsc: schedule.id,
  })
})

/** The same request for what is there. */
function present(path: string): string {
  return path.replace(/(col|wfl|wrn|wst|prp|wsc)_none/g, (none, kind: string) => made[kind] ?? none)
}

const NAMED = Object.values(SAMPLES)
  .filter(([, path]) => path.includes('_none'))
  .map(([method, path, body]) => ({ method, path, body }))

describe('the permissions of orchestration over HTTP', () => {
  it('has a route and a sample for every operation [FLOW-4, I-36]', async () => {
    const { body } = await api.request('GET', '/openapi.json', { as: 'anonymous' })
    const paths: Record<string, Record<string, { 'x-permission': string }>> = body.paths
    const routed = Object.values(paths).flatMap((path) => Object.values(path).map((route) => route['x-permission']))
    const own = routed.filter((operation) => operation.startsWith('orchestration.'))
    expect([...new Set(own)].sort()).toEqual(Object.keys(permissions).sort())
    expect(Object.keys(SAMPLES).sort()).toEqual(Object.keys(permissions).sort())
  })

  it('describes a definition where one is sent', async () => {
    const { body } = await api.request('GET', '/openapi.json', { as: 'anonymous' })
    const { schema } = body.paths['/workflows'].post.requestBody.content['application/json']
    expect(schema).toMatchObject({ type: 'object', required: ['name', 'agent', 'steps'] })
    expect(schema.properties.steps.items.properties.type.enum).toContain('approval')
  })

  it.each(cells)('$operation as $caller: $access [FLOW-4, I-36]', async ({ operation, sample, caller, access }) => {
    const [method, path, body] = sample
    const answered = await api.request(method, path, { as: caller, ...(body === undefined ? {} : { body }) })
    if (access === 'never')
      expect([operation, answered.status, answered.body.code]).toEqual([operation, 403, 'PERMISSION_DENIED'])
    else expect([401, 403, 400, 500]).not.toContain(answered.status)
  })

  it.each(Object.entries(SAMPLES))(
    '%s without a credential, or without the scope [FLOW-4, I-36]',
    async (operation, sample) => {
      const [method, path, body] = sample
      const request = body === undefined ? {} : { body }
      expect((await api.request(method, path, { as: 'anonymous', ...request })).status).toBe(401)
      const unscoped = await api.request(method, path, { as: 'unscoped', ...request })
      expect(unscoped.status).toBe(403)
      if (permissions[operation]?.service === 'scoped') expect(unscoped.body.detail).toContain(operation)
    },
  )

  it.each(NAMED)(
    '$method $path of this workspace is nothing in another one [FLOW-4, I-34]',
    async ({ method, path, body }) => {
      const request = { as: { key: api.foreignKey }, ...(body === undefined ? {} : { body }) }
      const answered = await api.request(method, present(path), request)
      expect([answered.status, answered.body.code]).toEqual([404, 'NOT_FOUND'])
    },
  )

  it('shows none of it in the lists of another workspace [FLOW-4, I-34]', async () => {
    for (const path of ['/workflows', '/workflows/executions', '/workflows/schedules']) {
      const { body } = await api.request('GET', path, { as: { key: api.foreignKey } })
      expect([path, body.items]).toEqual([path, []])
      expect((await api.request('GET', path)).body.items).not.toEqual([])
    }
  })

  it('lets a service that acts for an agent neither see nor start what is of others [FLOW-4, I-36]', async () => {
    const { body } = await api.request('GET', '/workflows', { as: 'service' })
    const agents = body.items.map((item: { definition: { agent: string } }) => item.definition.agent)
    expect(new Set(agents)).toEqual(new Set([OWN_AGENT]))
    const foreign = { ...definition, name: 'of others', agent: 'asking-bot' }
    expect((await api.request('POST', '/workflows', { as: 'service', body: foreign })).status).toBe(403)
    expect((await api.request('GET', present('/workflows/executions/wrn_none'), { as: 'service' })).status).toBe(404)
    expect((await api.request('GET', '/workflows/executions', { as: 'service' })).body.items).toEqual([])
  })
})
