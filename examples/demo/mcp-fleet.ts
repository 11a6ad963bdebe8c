import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { type ActionDefinitions, type Decision, GovernanceError, type JsonObject } from '@preceptor/client'
import type { FleetAgent } from './fleet.ts'
import type { Log } from './log.ts'
import type { Shop } from './shop.ts'
import { SHOP_ACTIONS } from './shop-actions.ts'
import type { Step } from './steps.ts'

/** The actions of the shop as its MCP clients attempt them. */
export const MCP_ACTIONS: ActionDefinitions = Object.fromEntries(
  SHOP_ACTIONS.map(({ action, risk, description, params, body }) => [
    action,
    { risk, description, args: body === undefined ? params : params.extend(body.shape) },
  ]),
)

/** What `request_action` answers. */
interface Permission {
  readonly decision: Decision
  readonly mayRun: boolean
  readonly args?: JsonObject
}

/** Lets an assistant of an agent take its steps: it asks, does what it may, and reports. */
export async function assistSteps(
  {
    server,
    credential,
    log,
    shop,
  }: { readonly server: string; readonly credential: string; readonly log: Log; readonly shop: Shop },
  task: { readonly id: string; readonly agent: FleetAgent; readonly steps: readonly Step[] },
): Promise<void> {
  const requestInit = { headers: { authorization: `Bearer ${credential}` } }
  const transport = new StreamableHTTPClientTransport(new URL(`${server}/mcp`), { requestInit })
  const client = new Client({ name: `assistant of ${task.agent.id}`, version: '1' })
  // The interface of the SDK is not written for exact optional properties.
  await client.connect(transport as Transport)
  try {
    // What the tools answer is checked against their schemas from here on.
    await client.listTools()
    for (const [index, step] of task.steps.entries()) {
      await take({ client, log, shop }, { step, agent: task.agent.id, key: `${task.id}-mcp-${index + 1}` })
    }
  } finally {
    await transport.terminateSession()
    await client.close()
  }
}

async function take(
  { client, log, shop }: { readonly client: Client; readonly log: Log; readonly shop: Shop },
  { step, agent, key }: { readonly step: Step; readonly agent: string; readonly key: string },
): Promise<void> {
  const { action, args } = step
  const {
    decision,
    mayRun,
    args: decided = {},
  } = await call<Permission>(client, 'request_action', {
    action,
    args,
    idempotencyKey: key,
  })
  log.add(decision, { adapter: 'mcp', ran: mayRun })
  if (!mayRun) return
  const value = SHOP_ACTIONS.find((known) => known.action === action)?.perform(
    shop,
    { agent, adapter: 'mcp', key },
    decided,
  )
  // A safe action is not claimed, so that nothing waits for its report.
  if (decision.risk !== 'safe') {
    await call(client, 'report_outcome', { decisionId: decision.id, status: 'succeeded', value })
  }
}

async function call<Answer>(client: Client, name: string, args: Record<string, unknown>): Promise<Answer> {
  const { structuredContent, content, isError } = await client.callTool({ name, arguments: args })
  if (isError !== true) return structuredContent as Answer
  throw new GovernanceError('INTERNAL', { message: `The tool ${name} answered ${JSON.stringify(content)}.` })
}
