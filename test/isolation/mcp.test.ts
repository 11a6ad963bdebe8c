import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { JsonObject } from '@preceptor/client'
import { describeWithPostgres } from '@preceptor/test-setup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callTool, connectHttp, type ServedEndpoint, serveEndpoint } from '../mcp/support.ts'
import { verifies } from '../verifies.ts'
import { type Ids, openTwoWorkspaces, type TwoWorkspaces } from './two-workspaces.ts'

/** What a tool is called with, and the error that it answers with; `none` for a list, which is empty of this workspace. */
interface Probe {
  readonly args: (ids: Ids) => JsonObject
  readonly answer: 'NOT_FOUND' | 'none'
}

const action = { agent: 'theirs', action: 'refund.create', args: {} }

/** Every tool, with ids of another workspace. */
const TOOLS: Readonly<Record<string, Probe>> = {
  // An agent that is not known here is denied here, and nothing of it is told.
  check_action: { args: () => action, answer: 'none' },
  request_action: { args: () => action, answer: 'none' },
  report_outcome: {
    args: ({ decision }) => ({ decisionId: decision, status: 'failed', message: 'x' }),
    answer: 'NOT_FOUND',
  },
  get_proposal: { args: ({ proposal }) => ({ id: proposal }), answer: 'NOT_FOUND' },
  list_proposals: { args: () => ({ limit: 100 }), answer: 'none' },
  get_agent_maturity: { args: () => ({ agent: 'theirs' }), answer: 'NOT_FOUND' },
  list_agents: { args: () => ({ limit: 100 }), answer: 'none' },
  list_training: { args: () => ({ limit: 100 }), answer: 'none' },
  get_supervision_session: { args: ({ session }) => ({ id: session }), answer: 'NOT_FOUND' },
  explain_decision: { args: ({ decision }) => ({ id: decision }), answer: 'NOT_FOUND' },
  get_queue_entry: { args: ({ queueEntry }) => ({ id: queueEntry }), answer: 'NOT_FOUND' },
}

/** Every template of resources, with ids of another workspace. */
const TEMPLATES: Readonly<Record<string, (ids: Ids) => string>> = {
  'preceptor://agents/{id}': () => 'preceptor://agents/theirs',
  'preceptor://proposals/{id}': ({ proposal }) => `preceptor://proposals/${proposal}`,
  'preceptor://playbooks/{id}': ({ playbook }) => `preceptor://playbooks/${playbook}`,
}

/** Every prompt, with ids of another workspace. */
const PROMPTS: Readonly<Record<string, (ids: Ids) => Record<string, string>>> = {
  review_proposal: ({ proposal }) => ({ id: proposal }),
  explain_maturity: () => ({ id: 'theirs' }),
  plan_training: () => ({ id: 'theirs' }),
}

describeWithPostgres('an MCP client of another workspace', () => {
  let two: TwoWorkspaces
  let served: ServedEndpoint
  let client: Client

  beforeAll(async () => {
    two = await openTwoWorkspaces()
    await two.test.register('theirs', 'autonomous')
    served = await serveEndpoint(two.test.governor)
    const { members, keys } = two.foreigner
    await members.put('oda', { displayName: 'Oda', roles: ['admin'] })
    const oda = { displayName: 'Oda', principalKind: 'user', principalId: 'oda', roles: ['admin'] } as const
    client = await connectHttp(served.url, (await keys.create(oda)).secret)
  }, 30_000)
  afterAll(async () => {
    await client.close()
    await served.close()
    await two.close()
  })

  const foreign = (): readonly string[] => Object.values(two.ids)

  function assertNothingOf(shown: string): void {
    for (const id of foreign()) expect(shown).not.toContain(id)
  }

  describe('is asked for', () => {
    it(verifies('I-34', 'every tool, template and prompt that there is'), async () => {
      const [{ tools }, { resourceTemplates }, { prompts }] = await Promise.all([
        client.listTools(),
        client.listResourceTemplates(),
        client.listPrompts(),
      ])
      expect(tools.map(({ name }) => name).sort()).toEqual(Object.keys(TOOLS).sort())
      expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate).sort()).toEqual(Object.keys(TEMPLATES).sort())
      expect(prompts.map(({ name }) => name).sort()).toEqual(Object.keys(PROMPTS).sort())
    })
  })

  it.each(Object.keys(TOOLS))(
    verifies('I-34', 'is told nothing of this one, and changes nothing, by the tool %s'),
    async (name) => {
      const { args, answer } = TOOLS[name] ?? { args: () => ({}), answer: 'none' }
      const before = await two.rows()
      const answered = await callTool(client, name, args(two.ids))
      if (answer === 'none') assertNothingOf(JSON.stringify(answered))
      else expect(answered.error?.code).toBe(answer)
      expect(await two.rows()).toEqual(before)
    },
  )

  it(verifies('I-34', 'finds and lists no resource of this one'), async () => {
    const { resources } = await client.listResources()
    expect(resources.length).toBeGreaterThan(0)
    assertNothingOf(JSON.stringify(resources))
    expect(resources.map(({ uri }) => uri)).not.toContain('preceptor://agents/theirs')
    for (const address of Object.values(TEMPLATES)) {
      await expect(client.readResource({ uri: address(two.ids) })).rejects.toMatchObject({ code: -32_002 })
    }
    for (const { uri } of resources) assertNothingOf(JSON.stringify(await client.readResource({ uri })))
  })

  it(verifies('I-34', 'completes no id of this one'), async () => {
    for (const uri of Object.keys(TEMPLATES)) {
      const argument = { name: 'id', value: '' }
      const { completion } = await client.complete({ ref: { type: 'ref/resource', uri }, argument })
      assertNothingOf(JSON.stringify(completion))
      expect(completion.values).not.toContain('theirs')
    }
  })

  it.each(Object.keys(PROMPTS))(verifies('I-34', 'is told nothing of this one by the prompt %s'), async (name) => {
    const args = PROMPTS[name]?.(two.ids) ?? {}
    const answered = await client.getPrompt({ name, arguments: args }).catch((error: unknown) => error)
    expect(answered).toMatchObject({ code: -32_002 })
  })
})
