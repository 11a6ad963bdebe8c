import { once } from 'node:events'
import { createServer } from 'node:http'
import { ChatOpenAI } from '@langchain/openai'
import { connectGovernor } from '@preceptor/client'
import { governanceMiddleware, type PlaybookMiddlewareOptions, playbookMiddleware } from '@preceptor/langchain-callback'
import { createAgent, HumanMessage, type ReactAgent } from 'langchain'
import { describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { useChatServer } from './chat-server.ts'
import { refundTool, useGovernor } from './support.ts'

type Messages = readonly { readonly role: string; readonly content: string }[]

const harness = useGovernor()
const asked: Messages[] = []

/** A model behind HTTP: it calls the tool once, where it has one that was not answered, and then ends. */
const server = useChatServer((response, messages) => {
  const conversation = messages as Messages
  asked.push(conversation)
  const isLast =
    conversation.some(({ role }) => role === 'tool') || !conversation.some(({ content }) => content === 'refund 7')
  const call = { id: 'call_a', type: 'function', function: { name: 'refund', arguments: '{"cents":5}' } }
  const message = { role: 'assistant', ...(isLast ? { content: 'Done.' } : { content: null, tool_calls: [call] }) }
  response.writeHead(200, { 'content-type': 'application/json' })
  const choice = { index: 0, message, finish_reason: isLast ? 'stop' : 'tool_calls' }
  response.end(JSON.stringify({ id: 'x', object: 'chat.completion', created: 1, model: 'm', choices: [choice] }))
})

const EXAMPLES = [{ input: 'Parcel 1?', output: 'Ask for a photo.', note: 'as "sue" said', source: 'prp_1' }]
let types = 0

/** Writes two versions for a type of its own, and deploys the first one for everybody. */
async function taught() {
  types += 1
  const agentType = `langchain-${types}`
  const { playbooks } = harness.admin
  const { playbook } = await playbooks.write({ agentType, instructions: 'Be kind.', examples: EXAMPLES })
  await playbooks.write({ agentType, instructions: 'Be brief.' })
  const deploy = (version: number, more: object = {}) =>
    playbooks.deploy(playbook, { version, tier: 'system', force: true, reason: 'a test', ...more })
  await deploy(1)
  return { agentType, deploy }
}

interface Asking extends Omit<PlaybookMiddlewareOptions, 'agent' | 'agentType'> {
  readonly agentType: string
  readonly agent?: string
  readonly governor?: Parameters<typeof playbookMiddleware>[0]
}

function makeAgent({ governor = harness.governor, ...options }: Asking, systemPrompt?: string): ReactAgent {
  const model = new ChatOpenAI({ model: 'm', apiKey: 'none', maxRetries: 0, configuration: { baseURL: server.url } })
  const middleware = [playbookMiddleware(governor, { agent: 'bot', ...options })]
  return createAgent({ model, tools: [], middleware, ...(systemPrompt !== undefined && { systemPrompt }) })
}

async function promptOf(agent: ReactAgent, text = 'hello'): Promise<Messages> {
  asked.length = 0
  await agent.invoke({ messages: [new HumanMessage(text)] })
  return asked[0] ?? []
}

const systemOf = (messages: Messages): string =>
  messages
    .filter(({ role }) => role === 'system' || role === 'developer')
    .map(({ content }) => textOf(content))
    .join('\n')

/** The content of a message is a text, or a list of parts that have one. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return Array.isArray(content) ? content.map((part: { readonly text?: string }) => part.text ?? '').join('') : ''
}

describe('the playbook of an agent of LangChain', () => {
  it(verifies('PLAY-1', 'stands in the prompt, after the instructions of the agent'), async () => {
    const { agentType } = await taught()
    const prompt = await promptOf(makeAgent({ agentType }, 'You are a clerk.'))
    const system = systemOf(prompt)
    expect(system.startsWith('You are a clerk.\n\nBe kind.\n\nExamples of what was asked')).toBe(true)
    const line = system.split('\n').at(-1) ?? ''
    expect(JSON.parse(line)).toEqual({ input: 'Parcel 1?', output: 'Ask for a photo.', note: 'as "sue" said' })
    expect(prompt.map(({ role }) => role).at(-1)).toBe('user')
    expect(systemOf(await promptOf(makeAgent({ agentType })))).toMatch(/^Be kind\./)
  })

  it(verifies('PLAY-1', 'has its examples as earlier turns, where they are asked for so'), async () => {
    const { agentType } = await taught()
    const prompt = await promptOf(makeAgent({ agentType, examples: 'turns' }))
    expect(systemOf(prompt)).toBe('Be kind.')
    expect(prompt.slice(1).map(({ role, content }) => [role, textOf(content)])).toEqual([
      ['user', 'Parcel 1?'],
      ['assistant', 'Ask for a photo.'],
      ['user', 'hello'],
    ])
  })

  it(verifies('PLAY-1', 'is that of the narrowest tier, read from the run'), async () => {
    const { agentType, deploy } = await taught()
    await deploy(2, { tier: 'project', target: 'shop' })
    const ofProject = (project: string | undefined) => systemOf(projectPrompt.get(project) ?? [])
    const projectPrompt = new Map<string | undefined, Messages>()
    for (const project of ['shop', 'farm', undefined]) {
      projectPrompt.set(project, await promptOf(makeAgent({ agentType, project: () => project })))
    }
    expect(ofProject('shop')).toBe('Be brief.')
    expect(ofProject('farm')).toMatch(/^Be kind\./)
    expect(ofProject(undefined)).toMatch(/^Be kind\./)
  })

  it(verifies('PLAY-3', 'is the canary for the units in its share'), async () => {
    const { agentType, deploy } = await taught()
    await deploy(2, { share: 0.5 })
    const effective = async (unit: string) =>
      (await harness.admin.playbooks.effective({ agentType, unit }))?.instructions ?? ''
    const seen = new Set<string>()
    for (let each = 0; each < 12; each += 1) {
      const unit = `run-${each}`
      const system = systemOf(await promptOf(makeAgent({ agentType, unit })))
      expect(system.startsWith(await effective(unit))).toBe(true)
      seen.add(system.slice(0, 8))
    }
    expect(seen.size).toBe(2)
  })

  it(verifies('PLAY-1', 'is asked for once in a while, and the next one reaches the same agent'), async () => {
    const { agentType, deploy } = await taught()
    let questions = 0
    const counted: Asking['governor'] = {
      as: (identity) => {
        questions += 1
        return harness.governor.as(identity)
      },
    }
    const patient = makeAgent({ agentType, governor: counted, refreshMs: 60_000 })
    const eager = makeAgent({ agentType, refreshMs: 0 })
    for (const agent of [patient, patient, eager]) expect(systemOf(await promptOf(agent))).toMatch(/^Be kind\./)
    expect(questions).toBe(1)
    await deploy(2)
    expect(systemOf(await promptOf(patient))).toMatch(/^Be kind\./)
    expect(systemOf(await promptOf(eager))).toBe('Be brief.')
  })

  it('is not there where none is deployed', async () => {
    const faults: unknown[] = []
    const agent = makeAgent({ agentType: 'nobody', onFault: (error) => faults.push(error) }, 'You are a clerk.')
    expect(systemOf(await promptOf(agent))).toBe('You are a clerk.')
    expect(faults).toEqual([])
  })

  it('stands in each prompt of a run that is gated as well, once', async () => {
    const { agentType } = await taught()
    const effects: unknown[] = []
    const id = await harness.agent('autonomous')
    for (const order of [0, 1]) {
      const gate = governanceMiddleware(harness.governor, { agent: id })
      const playbook = playbookMiddleware(harness.governor, { agentType, agent: id })
      const middleware = order === 0 ? [playbook, gate] : [gate, playbook]
      const model = new ChatOpenAI({
        model: 'm',
        apiKey: 'none',
        maxRetries: 0,
        configuration: { baseURL: server.url },
      })
      await promptOf(createAgent({ model, tools: [refundTool(effects)], middleware }), 'refund 7')
      expect(asked).toHaveLength(2)
      for (const prompt of asked) expect(systemOf(prompt).match(/Be kind\./g)).toHaveLength(1)
      expect(effects).toHaveLength(order + 1)
    }
  })
})

describe('where the playbook cannot be had', () => {
  it('the agent runs without it, and somebody is told', async () => {
    const faults: unknown[] = []
    // Nobody listens at this port.
    const governor = connectGovernor({ url: 'http://127.0.0.1:9/api', token: 'pcp_none' })
    const agent = makeAgent({ agentType: 'any', governor, onFault: (error) => faults.push(error) }, 'You are a clerk.')
    expect(systemOf(await promptOf(agent))).toBe('You are a clerk.')
    expect(faults).toMatchObject([{ code: 'GOVERNOR_UNREACHABLE' }])
    await promptOf(agent)
    // That there was no answer is known for a while as well: a server that is down slows down no run twice.
    expect(faults).toHaveLength(1)
    await governor.close()
  })

  it('it is waited for no longer than said, and the process is warned', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const governor = connectGovernor({ url: `http://127.0.0.1:${port}/api`, token: 'pcp_none' })
    const warned = once(process, 'warning')
    try {
      const agent = makeAgent({ agentType: 'any', governor, deadlineMs: 50 }, 'You are a clerk.')
      expect(systemOf(await promptOf(agent))).toBe('You are a clerk.')
      expect(await warned).toMatchObject([
        { code: 'PRECEPTOR_PLAYBOOK', message: expect.stringContaining('The playbook did not come within 50 ms.') },
      ])
    } finally {
      await governor.close()
      silent.closeAllConnections()
      silent.close()
    }
  })
})
