import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { ActionDefinitions, ControlPlane, Governor, JsonObject } from '@preceptor/client'
import type { ContractAttempt, TestGovernor } from '@preceptor/core/testing'
import { stdioServer } from '../mcp/stdio-server.ts'
import { callTool, connectClient, connectHttp, requestAction, serveEndpoint } from '../mcp/support.ts'
import { createHostKey } from '../reach/serve.ts'
import { type Adapter, type Reachable, runContract } from './run-contract.ts'

const CENTS = { type: 'object', properties: { cents: { type: 'integer' } }, required: ['cents'] } as const
/** Every action of the contract that can be registered, as the attempts describe it. */
const ACTIONS: ActionDefinitions = { 'mail.send': {}, 'letter.send': {}, 'refund.pay': { args: CENTS } }

/** A well-behaved assistant: it asks, runs what it was told to run, and reports. */
async function assist(client: Client, attempt: ContractAttempt, agent?: string): Promise<{ thrown?: unknown }> {
  const { action, args = {}, key, signal, tamper, effect } = attempt
  const request: Record<string, JsonObject[string]> = {
    action,
    args,
    ...(key && { idempotencyKey: key }),
    ...(agent && { agent }),
  }
  const asked = requestAction(client, request)
  Object.assign(args, tamper)
  const answer = await asked
  if (!answer.mayRun) return {}
  const { id: decisionId } = answer.decision
  try {
    await effect({ args: answer.args ?? {}, signal })
  } catch (thrown) {
    await callTool(client, 'report_outcome', { decisionId, status: 'failed', message: String(thrown) })
    return { thrown }
  }
  await callTool(client, 'report_outcome', { decisionId, status: 'succeeded', value: 'done' })
  return {}
}

async function caught(run: () => Promise<{ thrown?: unknown }>): Promise<{ thrown?: unknown }> {
  try {
    return await run()
  } catch (thrown) {
    return { thrown }
  }
}

/** What serves only what the contract gives has no control plane to it. */
const asControlPlane = (governor: Governor): ControlPlane => governor as ControlPlane

async function overHttp(test: TestGovernor, governor: Governor): Promise<Adapter> {
  const served = await serveEndpoint(asControlPlane(governor), { actions: ACTIONS })
  const keyOf = async (agent: string): Promise<string> =>
    (await test.admin.keys.create({ displayName: agent, principalKind: 'agent', principalId: agent })).secret
  const clients = new Map<string, Promise<Client>>()
  const clientOf = (agent: string): Promise<Client> => {
    const known = clients.get(agent) ?? keyOf(agent).then((key) => connectHttp(served.url, key))
    clients.set(agent, known)
    return known
  }
  const secret = await keyOf('autonomous')
  return {
    controlFlow: () => new Error('The host steers by this.'),
    attempt: (attempt) =>
      caught(async () => {
        if (attempt.governor === undefined) return assist(await clientOf(attempt.agent), attempt)
        const other = await serveEndpoint(asControlPlane(attempt.governor), { actions: ACTIONS })
        return connectHttp(other.url, secret)
          .then((client) => assist(client, attempt))
          .finally(() => other.close())
      }),
    async close() {
      for (const client of clients.values()) await (await client).close()
      await served.close()
    },
  }
}

async function overStdio(test: TestGovernor, _: Governor, { database, api }: Reachable): Promise<Adapter> {
  const scopes = ['triggers.decide', 'triggers.check', 'decisions.report', 'runs.finish']
  const identity = { workspace: 'default', principal: { kind: 'service', id: 'assistant', roles: [], scopes } } as const
  const remote = api === undefined ? {} : { remote: { url: api, token: await createHostKey(test.admin) } }
  const options = { database, identity, actions: ACTIONS, ...remote }
  const server = stdioServer(options)
  const client = await connectClient(server.transport)
  return {
    controlFlow: () => new Error('The host steers by this.'),
    attempt: (attempt) =>
      caught(async () => {
        if (attempt.governor === undefined) return assist(client, attempt, attempt.agent)
        const { transport } = stdioServer({ ...options, kind: 'refusing' })
        return assist(await connectClient(transport), attempt, attempt.agent)
      }),
    // The store of a process without one is that of the governor behind it.
    ...(api === undefined && {
      breakStore: async () => {
        await server.toggleStore()
        return () => server.toggleStore()
      },
      pass: () => server.passDay(),
    }),
    close: () => client.close(),
  }
}

runContract('MCP over Streamable HTTP', overHttp)
runContract('MCP over stdio', overStdio)
