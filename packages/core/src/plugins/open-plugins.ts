import { GovernanceError, type PluginPort } from '@preceptor/client'
import type { AccessContext } from '../access/access-context.ts'
import type { Actor } from '../access/actor.ts'
import { createAuthorizer } from '../access/authorize.ts'
import type { Permission } from '../access/permissions.ts'
import type { HostAction } from '../actions/registered-action.ts'
import { parseJobs } from './parse-plugins.ts'
import type { GovernorPlugin, OpenPlugin, PluginJob, PluginWork } from './plugin.ts'
import type { PluginGate } from './plugin-gate.ts'

/** The plugins of a governor. */
export interface OpenPlugins {
  /**
   * The operations of a plugin for an actor.
   *
   * @throws GovernanceError `PLUGIN_MISSING`
   */
  scope<Operations extends object>(port: PluginPort<Operations>, actor: Actor): Operations
  /**
   * Lets an actor perform an operation of a plugin.
   *
   * @throws GovernanceError `PERMISSION_DENIED`, also where no plugin has it.
   */
  assertMay(actor: Actor, operation: string): void
  /** Jobs by the name under which they stand in the queue. */
  readonly jobs: ReadonlyMap<string, PluginJob>
  /** Actions that they bring, to be registered in every workspace. */
  readonly actions: Readonly<Record<string, HostAction>>
  close(): Promise<void>
}

/** What plugins are opened on. */
export interface PluginDependencies {
  readonly context: AccessContext
  readonly gate: PluginGate
  readonly enqueue: (job: string, work: PluginWork) => Promise<boolean>
}

/**
 * Opens the plugins of a governor.
 *
 * @throws GovernanceError `OPTION_INVALID`
 */
export function openPlugins(
  { plugins, workspaces }: { readonly plugins: readonly GovernorPlugin[]; readonly workspaces: readonly string[] },
  { context, gate, enqueue }: PluginDependencies,
): OpenPlugins {
  const opened = new Map<string, OpenPlugin>()
  for (const plugin of plugins) {
    const { name } = plugin.port
    const host = {
      context,
      gate,
      workspaces,
      enqueue: (job: string, work: PluginWork) => enqueue(`${name}-${job}`, work),
    }
    const open = plugin.open(host)
    parseJobs(name, open.jobs)
    opened.set(name, open)
  }
  const authorizer = createAuthorizer(permissionsOf(plugins))
  return {
    scope<Operations extends object>({ name }: PluginPort<Operations>, actor: Actor): Operations {
      const plugin = opened.get(name)
      if (plugin === undefined) {
        throw new GovernanceError('PLUGIN_MISSING', {
          message: `The governor was opened without the plugin "${name}".`,
        })
      }
      // The name of a plugin stands for one port: `parsePlugins` refuses two of one name.
      return plugin.scope(actor) as Operations
    },
    assertMay: (actor, operation) => void authorizer.authorize(actor, operation),
    jobs: new Map(
      [...opened].flatMap(([name, { jobs }]) =>
        Object.entries(jobs).map(([job, one]) => [`${name}-${job}`, one] as const),
      ),
    ),
    actions: Object.assign({}, ...[...opened.values()].map(({ actions = {} }) => actions)),
    async close() {
      for (const plugin of opened.values()) await plugin.close?.()
    },
  }
}

/** The operations of all plugins, each with who may perform it. */
export function permissionsOf(plugins: readonly GovernorPlugin[]): Readonly<Record<string, Permission>> {
  return Object.fromEntries(plugins.flatMap(({ permissions }) => Object.entries(permissions)))
}
