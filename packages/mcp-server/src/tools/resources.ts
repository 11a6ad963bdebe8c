import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js'
import { ErrorCode, McpError, type ReadResourceResult, type Resource } from '@modelcontextprotocol/sdk/types.js'
import { type ControlScope, GovernanceError } from '@preceptor/client'
import { visibleError } from '../error-result.ts'
import { readMaturity } from './reading-tools.ts'

const JSON_TYPE = 'application/json'
const MOST = 100
const POLICY = 'preceptor://policies/current'

/** A kind of record that has an address. */
export interface Kind {
  readonly name: string
  readonly description: string
  /** Ids with what people call them, newest first. */
  readonly list: (scope: ControlScope) => Promise<readonly (readonly [id: string, title: string])[]>
  readonly read: (scope: ControlScope, id: string) => Promise<unknown>
}

/** What has an address, by the first part of it. */
export const KINDS: Readonly<Record<'agents' | 'proposals' | 'playbooks', Kind>> = {
  agents: {
    name: 'agent',
    description: 'An agent, how far it is trusted, and its latest changes',
    list: async ({ agents }) =>
      (await agents.list({ limit: MOST })).items.map(({ id, displayName }) => [id, displayName]),
    read: readMaturity,
  },
  proposals: {
    name: 'proposal',
    description: 'An action that waits for approval, or what became of it',
    list: async ({ proposals }) =>
      (await proposals.list({ limit: MOST, state: 'active' })).items.map(({ id, action, agent }) => [
        id,
        `${action} of ${agent}`,
      ]),
    read: ({ proposals }, id) => proposals.get(id),
  },
  playbooks: {
    name: 'playbook',
    description: 'What a type of agents has learned: the newest version, and what of it is deployed',
    list: async ({ playbooks }) =>
      (await playbooks.list({ limit: MOST })).items.map(({ id, agentType, name }) => [id, name ?? agentType]),
    read: readPlaybook,
  },
}

async function readPlaybook({ playbooks }: ControlScope, id: string): Promise<unknown> {
  const playbook = await playbooks.get(id)
  const [version, deployments] = await Promise.all([
    playbooks.version(id, playbook.latest),
    playbooks.deployments(id, { state: 'active', limit: MOST }),
  ])
  return { playbook, version, deployments: deployments.items }
}

/** Registers agents, proposals, playbooks and the policy as resources. */
export function registerResources(server: McpServer, scope: ControlScope): void {
  for (const [path, kind] of Object.entries(KINDS)) registerKind(server, scope, { path, kind })
  const about = { description: 'The policy of the workspace as it is now', mimeType: JSON_TYPE }
  server.registerResource('policy', POLICY, about, () => answer(POLICY, () => scope.policies.current()))
}

function registerKind(
  server: McpServer,
  scope: ControlScope,
  { path, kind }: { readonly path: string; readonly kind: Kind },
): void {
  const list = async (): Promise<{ resources: Resource[] }> => ({
    resources: (await visible(kind.list(scope))).map(([id, title]) => ({
      uri: `preceptor://${path}/${id}`,
      name: id,
      title,
      mimeType: JSON_TYPE,
    })),
  })
  const template = new ResourceTemplate(`preceptor://${path}/{id}`, { list, complete: { id: complete(scope, kind) } })
  server.registerResource(kind.name, template, { description: kind.description, mimeType: JSON_TYPE }, (uri, { id }) =>
    answer(uri.href, () => kind.read(scope, String(id))),
  )
}

/** Completes the id of a record from what the caller may see. */
export function complete(scope: ControlScope, kind: Kind): (value: string) => Promise<string[]> {
  return async (value) => (await visible(kind.list(scope))).map(([id]) => id).filter((id) => id.startsWith(value))
}

/** A list of what may not be seen is empty. */
async function visible<T>(listing: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await listing
  } catch (error) {
    if (GovernanceError.isInstance(error) && error.code === 'PERMISSION_DENIED') return []
    throw protocolError(error)
  }
}

async function answer(uri: string, read: () => Promise<unknown>): Promise<ReadResourceResult> {
  try {
    return { contents: [{ uri, mimeType: JSON_TYPE, text: JSON.stringify(await read()) }] }
  } catch (error) {
    throw protocolError(error)
  }
}

const RESOURCE_NOT_FOUND = -32_002

/** An error of the gate as the protocol tells it, outside of tools. */
export function protocolError(error: unknown): McpError {
  const { code, message, next } = visibleError(error)
  const number = code === 'NOT_FOUND' || code === 'AGENT_UNKNOWN' ? RESOURCE_NOT_FOUND : ErrorCode.InvalidRequest
  return new McpError(code === 'INTERNAL' ? ErrorCode.InternalError : number, `${code}: ${message} ${next}`, { code })
}
