import type { Result, Tool } from '@modelcontextprotocol/sdk/types.js'
import { ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js'
import {
  type ActionDefinition,
  type ActionDefinitions,
  type ControlPlane,
  GovernanceError,
  type Identity,
} from '@preceptor/client'
import { actionOf, type Catalogue } from './catalogue.ts'
import type { Upstream } from './upstream.ts'

/** A tool of an upstream, and the digest of the action that it is. */
export interface ProxiedTool {
  /** Undefined for a tool that the upstream does not list. */
  readonly tool: Tool | undefined
  readonly action: string
  readonly digest: string | undefined
}

/** What one upstream offers, as actions of the gate. */
export interface ProxiedTools {
  /** Finds a tool, as the upstream describes it now. */
  find(name: string): Promise<ProxiedTool>
  /** The action that reading a resource is, or getting a prompt. */
  reading(kind: ReadKind): Promise<Omit<ProxiedTool, 'tool'>>
  /** Looks again at the next call: the upstream said that something changed, or was started again. */
  forget(): void
}

/** What is read, and has no effect by the protocol. */
export type ReadKind = 'resources/read' | 'prompts/get'

/** What tools are registered with. */
export interface ProxiedToolsOptions {
  readonly governor: ControlPlane
  readonly identity: Identity
  readonly catalogue: Catalogue | undefined
  readonly report: (message: string) => void
}

const HOST = { kind: 'system', id: 'mcp-proxy', roles: [] } as const
const MOST_TOOLS = 2_000
const ACTION_NAME = /^[A-Za-z0-9._:/-]{1,128}$/

/** Registers what an upstream offers as actions, and again whenever it may have changed. */
export function proxiedTools(upstream: Upstream, options: ProxiedToolsOptions): ProxiedTools {
  let known: Promise<Offered> | undefined
  const look = (): Promise<Offered> => {
    known ??= register(upstream, options).catch((error: unknown) => {
      known = undefined
      throw error
    })
    return known
  }
  return {
    async find(name) {
      const action = `${upstream.name}.${name}`
      const { tools, digests } = await look()
      const listed = { tool: tools.get(name), action, digest: digests.get(action) }
      return listed.tool === undefined ? { ...listed, digest: await registerUnlisted(options, action) } : listed
    },
    async reading(kind) {
      const action = `${upstream.name}.${kind}`
      return { action, digest: (await look()).digests.get(action) }
    },
    forget() {
      known = undefined
    },
  }
}

interface Offered {
  readonly tools: ReadonlyMap<string, Tool>
  /** By the name of the action. */
  readonly digests: ReadonlyMap<string, string>
}

async function register(upstream: Upstream, options: ProxiedToolsOptions): Promise<Offered> {
  const { catalogue, report } = options
  const said = catalogue?.upstreams[upstream.name]
  const tools = await listTools(upstream)
  const usable = tools.filter(({ name }) => ACTION_NAME.test(`${upstream.name}.${name}`))
  if (usable.length < tools.length)
    report(`Some tools of "${upstream.name}" have names that no action can have: they are denied.`)
  const definitions: Record<string, ActionDefinition> = {}
  for (const tool of usable) definitions[`${upstream.name}.${tool.name}`] = actionOf(tool, said?.tools[tool.name])
  const critical = Object.values(definitions).filter(({ risk }) => risk === 'critical').length
  if (critical > 0) report(`${critical} of ${tools.length} tools of "${upstream.name}" are critical.`)
  const { resources, prompts } = upstream.facts.capabilities
  if (resources !== undefined) definitions[`${upstream.name}.resources/read`] = { risk: said?.resources ?? 'safe' }
  if (prompts !== undefined) definitions[`${upstream.name}.prompts/get`] = { risk: said?.prompts ?? 'safe' }
  return {
    tools: new Map(tools.map((tool) => [tool.name, tool])),
    digests: await registerActions(options, definitions),
  }
}

/** A tool that the upstream answers to and does not list. */
async function registerUnlisted(options: ProxiedToolsOptions, action: string): Promise<string | undefined> {
  if (!ACTION_NAME.test(action)) return undefined
  return (await registerActions(options, { [action]: { risk: 'critical' } })).get(action)
}

async function registerActions(
  { governor, identity }: ProxiedToolsOptions,
  definitions: ActionDefinitions,
): Promise<ReadonlyMap<string, string>> {
  if (Object.keys(definitions).length === 0) return new Map()
  const scope = governor.as({ workspace: identity.workspace, principal: HOST })
  return new Map((await scope.registerActions(definitions)).map(({ name, digest }) => [name, digest]))
}

/** Every page of them. */
export async function listTools(upstream: Pick<Upstream, 'name' | 'request' | 'facts'>): Promise<readonly Tool[]> {
  if (upstream.facts.capabilities.tools === undefined) return []
  const tools: Tool[] = []
  let cursor: string | undefined
  do {
    const params = cursor === undefined ? {} : { cursor }
    const page: Result = await upstream.request({ method: 'tools/list', params })
    const { tools: some, nextCursor } = ListToolsResultSchema.parse(page)
    tools.push(...some)
    cursor = nextCursor
    if (tools.length > MOST_TOOLS) {
      const message = `The upstream "${upstream.name}" has more than ${MOST_TOOLS} tools.`
      throw new GovernanceError('INPUT_INVALID', { message })
    }
  } while (cursor !== undefined)
  return tools
}
