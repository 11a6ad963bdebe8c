import { ErrorCode, ListToolsResultSchema, McpError, type Tool } from '@modelcontextprotocol/sdk/types.js'
import {
  type ActionDefinition,
  type ActionDefinitions,
  type ControlPlane,
  GovernanceError,
  type Identity,
  type JsonObject,
} from '@preceptor/client'
import { actionOf, type CataloguedUpstream, definitionOf } from '../catalogue/catalogue.ts'
import { listTools } from '../upstream/list-tools.ts'
import type { Upstream } from '../upstream/upstream.ts'

/** A tool of an upstream, and the digest of the action that it is. */
export interface ProxiedTool {
  /** Undefined for a tool that the upstream does not list. */
  readonly tool: Tool | undefined
  readonly action: string
  readonly digest: string
}

/** What one upstream offers, as actions of the gate. */
export interface ProxiedTools {
  /** Finds a tool, as the upstream describes it now. */
  find(name: string): Promise<ProxiedTool>
  /** The action that reading a resource is, or getting a prompt. */
  reading(kind: ReadKind): Promise<Omit<ProxiedTool, 'tool'>>
  /**
   * Takes note of what the client is told of: a model goes by that, whatever the upstream says to others.
   *
   * @throws Error for a list that cannot be read.
   */
  tell(tools: unknown): void
  /** Looks again at the next call: the upstream said that something changed, or went away. */
  forget(): void
}

/** What is read, and has no effect by the protocol. */
export type ReadKind = 'resources/read' | 'prompts/get'

/** What tools are registered with. */
export interface ProxiedToolsOptions {
  readonly governor: ControlPlane
  readonly identity: Identity
  /** What people say of them. */
  readonly said: CataloguedUpstream | undefined
  /** Where the upstream is; what is approved is bound to it. */
  readonly place: string
  readonly report: (message: string) => void
}

const HOST = { kind: 'system', id: 'mcp-proxy', roles: [] } as const
const MOST_UNLISTED = 100
const ACTION_NAME = /^[A-Za-z0-9._:/-]{1,128}$/
const READINGS: ReadonlySet<string> = new Set<ReadKind>(['resources/read', 'prompts/get'])
/** No definition has it: what is named by it is denied, and on record. */
const NONE = '0'.repeat(64)

/** Registers what an upstream offers as actions, and again whenever it may have changed. */
export function proxiedTools(upstream: Upstream, options: ProxiedToolsOptions): ProxiedTools {
  let known: Promise<Offered> | undefined
  const told = createTold()
  const unlisted = new Map<string, Promise<string>>()
  const look = (): Promise<Offered> => {
    if (known !== undefined) return known
    const looking = register(upstream, options, told).catch((error: unknown) => {
      if (known === looking) known = undefined
      throw error
    })
    known = looking
    return looking
  }
  const digestOfUnlisted = (action: string): Promise<string> => {
    const before = unlisted.get(action)
    if (before !== undefined) return before
    if (unlisted.size >= MOST_UNLISTED) return Promise.resolve(NONE)
    const digest = registerUnlisted(options, action)
    unlisted.set(action, digest)
    digest.catch(() => unlisted.delete(action))
    return digest
  }
  return {
    async find(name) {
      const action = `${upstream.name}.${name}`
      const { tools, digests } = await look()
      const tool = tools.get(name)
      if (!isUsable(action, name)) return { tool, action, digest: NONE }
      return { tool, action, digest: tool ? (digests.get(action) ?? NONE) : await digestOfUnlisted(action) }
    },
    async reading(kind) {
      const action = `${upstream.name}.${kind}`
      const digest = (await look()).digests.get(action)
      if (digest === undefined) throw new McpError(ErrorCode.MethodNotFound, `"${upstream.name}" has no ${kind}.`)
      return { action, digest }
    },
    tell(tools) {
      if (told.note(ListToolsResultSchema.parse({ tools }).tools)) known = undefined
    },
    forget() {
      known = undefined
    },
  }
}

/** Every definition by which a tool was told of. */
interface Told {
  /** Whether there was one among them that is new. */
  note(tools: readonly Tool[]): boolean
  /** Whether a tool was told of in one way only. */
  isOne(name: string): boolean
}

function createTold(): Told {
  const told = new Map<string, Set<string>>()
  return {
    note(tools) {
      let isNew = false
      for (const tool of tools) {
        const definitions = told.get(tool.name) ?? new Set()
        const definition = definitionOf(tool)
        isNew ||= !definitions.has(definition)
        told.set(tool.name, definitions.add(definition))
      }
      return isNew
    },
    isOne: (name) => told.get(name)?.size === 1,
  }
}

/** A tool must not pass for a reading. */
function isUsable(action: string, name: string): boolean {
  return ACTION_NAME.test(action) && !READINGS.has(name)
}

interface Offered {
  readonly tools: ReadonlyMap<string, Tool>
  /** By the name of the action. */
  readonly digests: ReadonlyMap<string, string>
}

async function register(upstream: Upstream, options: ProxiedToolsOptions, told: Told): Promise<Offered> {
  const { said, report, place } = options
  const tools = await listTools(upstream)
  told.note(tools)
  const usable = tools.filter(({ name }) => isUsable(`${upstream.name}.${name}`, name))
  if (usable.length < tools.length)
    report(`Some tools of "${upstream.name}" have names that no action can have: they are denied.`)
  const definitions: Record<string, ActionDefinition> = {}
  for (const tool of usable) {
    const entry =
      said && Object.hasOwn(said.tools, tool.name) && told.isOne(tool.name) ? said.tools[tool.name] : undefined
    definitions[`${upstream.name}.${tool.name}`] = actionOf(tool, entry, place)
  }
  const critical = Object.values(definitions).filter(({ risk }) => risk === 'critical').length
  if (critical > 0) report(`${critical} of ${tools.length} tools of "${upstream.name}" are critical.`)
  const { resources, prompts } = upstream.facts.capabilities
  const args = anyArgs(place)
  if (resources !== undefined)
    definitions[`${upstream.name}.resources/read`] = { args, risk: said?.resources ?? 'safe' }
  if (prompts !== undefined) definitions[`${upstream.name}.prompts/get`] = { args, risk: said?.prompts ?? 'safe' }
  return { tools: new Map(tools.map((tool) => [tool.name, tool])), digests: await registerEach(options, definitions) }
}

const anyArgs = (place: string): JsonObject => ({ type: 'object', $comment: `at ${place}` })

/** A tool that the upstream answers to and does not list. */
async function registerUnlisted(options: ProxiedToolsOptions, action: string): Promise<string> {
  const digests = await registerActions(options, { [action]: { args: anyArgs(options.place), risk: 'critical' } })
  return digests.get(action) ?? NONE
}

/** What cannot be an action is denied, and stands in the way of no other. */
async function registerEach(
  options: ProxiedToolsOptions,
  definitions: ActionDefinitions,
): Promise<ReadonlyMap<string, string>> {
  try {
    return await registerActions(options, definitions)
  } catch (error) {
    if (!GovernanceError.isInstance(error) || error.code !== 'INPUT_INVALID') throw error
  }
  const digests = new Map<string, string>()
  for (const [action, definition] of Object.entries(definitions)) {
    try {
      for (const one of await registerActions(options, { [action]: definition })) digests.set(...one)
    } catch (error) {
      if (!GovernanceError.isInstance(error) || error.code !== 'INPUT_INVALID') throw error
      options.report(`${action} cannot be an action, so it is denied: ${error.message}`)
    }
  }
  return digests
}

async function registerActions(
  { governor, identity }: ProxiedToolsOptions,
  definitions: ActionDefinitions,
): Promise<ReadonlyMap<string, string>> {
  if (Object.keys(definitions).length === 0) return new Map()
  const scope = governor.as({ workspace: identity.workspace, principal: HOST })
  return new Map((await scope.registerActions(definitions)).map(({ name, digest }) => [name, digest]))
}
