import type { PluginPort } from '@preceptor/client'
import type { AccessContext } from '../access/access-context.ts'
import type { Actor } from '../access/actor.ts'
import type { Permission } from '../access/permissions.ts'
import type { HostAction } from '../actions/registered-action.ts'
import type { Migration } from '../database/migrator.ts'
import type { Tx } from '../database/transaction.ts'
import type { PluginGate } from './plugin-gate.ts'

/**
 * What extends a governor: operations with their permissions, tables, and jobs. Its routes are given to `governanceApi`.
 *
 * @example
 * ```ts
 * import { createGovernor } from '@preceptor/core'
 * import type { GovernorPlugin } from '@preceptor/core/plugin'
 *
 * const notes: GovernorPlugin<{ count(): Promise<number> }> = {
 *   port: { name: 'notes', connect: () => ({ count: async () => 0 }) },
 *   permissions: {},
 *   migrations: [],
 *   open: () => ({ scope: () => ({ count: async () => 0 }), jobs: {} }),
 * }
 * const governor = await createGovernor({ memory: true, plugins: [notes] })
 * const scope = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'ana', roles: ['viewer'] } })
 * await scope.plugin(notes.port).count()
 * await governor.close()
 * ```
 */
export interface GovernorPlugin<Operations extends object = object> {
  /** Its name, which its migrations, operations and jobs begin with, and its operations on a remote governor. */
  readonly port: PluginPort<Operations>
  /** Who may do what: one row for every operation, such as `learning.train`. What has no row is denied. */
  readonly permissions: Readonly<Record<string, Permission>>
  /** Its tables, in the order in which they are made; each with row-level security as those of core. */
  readonly migrations: readonly Migration[]
  /** Opens it on a governor whose schema is there. Nothing may be asked of the database before the governor is ready. */
  open(host: PluginHost): OpenPlugin<Operations>
}

/** What a plugin stands on. */
export interface PluginHost {
  readonly context: AccessContext
  /** What plugins do reaches agents and their actions only through this. */
  readonly gate: PluginGate
  /** Workspaces that this process opened. */
  readonly workspaces: readonly string[]
  /**
   * Wakes a worker for work of a job of this plugin; false when the queue did not take it within two seconds, which loses
   * nothing where the job finds its work by itself. Never throws.
   */
  enqueue(job: string, work: PluginWork): Promise<boolean>
}

/** A piece of work of a job: ids only, the row in the database is the truth. */
export interface PluginWork {
  readonly workspace: string
  readonly id?: string
  /** Work that is added again under the same key is there once; default: the work of ten seconds. */
  readonly key?: string
}

/** A plugin on a governor. */
export interface OpenPlugin<Operations extends object = object> {
  /** Binds its operations to an actor; each checks its permission first. */
  scope(actor: Actor): Operations
  readonly jobs: Readonly<Record<string, PluginJob>>
  /** Registered in every workspace that this process opened. */
  readonly actions?: Readonly<Record<string, HostAction>>
  /** Ends what it began, before the database is closed. */
  close?(): Promise<void>
}

/** A job of a plugin; it stands in the queue as `<plugin>-<name>`. All that is long is elsewhere, or none of it. */
export interface PluginJob {
  /** Second, minute, hour, day, month, weekday, UTC: when all that is due is done; without it only what is woken. */
  readonly pattern?: string
  /** Whether work that is due is woken every 30 s by the reconciler, because the queue may have lost it. */
  readonly isReconciled?: boolean
  /** Whether workers look for what is due each second, and as soon as something happened in a workspace of theirs. */
  readonly isPrompt?: boolean
  /**
   * Whether it takes its time: it stands in a queue of its plugin, with places of its own in workers, so that it keeps no
   * other job from running.
   */
  readonly isLong?: boolean
  /**
   * Whether it is done by other processes: workers of this process neither take it nor look for what is due. Work for it is
   * still added from here. Only for a long job, because all workers share the queue of the others.
   */
  readonly isElsewhere?: boolean
  /** Finds, as the system role over all workspaces, what is due at a time (ISO 8601). */
  find(tx: Tx, at: string): Promise<readonly PluginWork[]>
  /** Does it; harmless when it runs twice, late, or where nothing is due. */
  run(work: PluginWork): Promise<unknown>
}
