import type {
  ActionDefinitions,
  ControlScope,
  Maturity,
  Principal,
  Role,
  Scope,
  TriggerSource,
} from '@preceptor/client'
import type { Report } from '../context.ts'
import { createGovernor, type EmbeddedGovernor } from '../governor.ts'
import type { GovernorOptions } from '../options.ts'
import { takeTestStore } from './test-store.ts'

/** A governor for tests, with what tests keep asking for. */
export interface TestGovernor {
  readonly governor: EmbeddedGovernor
  /** An administrator of the workspace. */
  readonly admin: ControlScope
  /** What the governor told its host's log. */
  readonly reports: readonly Report[]
  /** The scope of an agent's own credential. */
  agent(id: string, source?: TriggerSource): Scope
  /** The scope of a person. */
  user(id: string, ...roles: Role[]): ControlScope
  /** Registers an agent at a level, owned by the system. */
  register(id: string, maturity: Maturity): Promise<void>
  close(): Promise<void>
}

/** Actions of every risk, none of which looks at its arguments. */
export const TEST_ACTIONS: ActionDefinitions = {
  'order.read': { risk: 'safe' },
  'note.write': { risk: 'medium' },
  'refund.create': { risk: 'high' },
  'refund.retry': { risk: 'high', idempotent: true },
  'ledger.close': { risk: 'critical' },
}

/**
 * Opens a governor for tests: embedded and in memory, unless the options say otherwise, with `TEST_ACTIONS`.
 *
 * @example
 * ```ts
 * import { createTestGovernor } from '@preceptor/core/testing'
 *
 * const test = await createTestGovernor()
 * await test.register('refund-bot', 'intern')
 * const decision = await test.agent('refund-bot').decide({ agent: 'refund-bot', action: 'refund.create', args: {} })
 * await test.close()
 * ```
 */
export async function createTestGovernor(options: GovernorOptions = {}): Promise<TestGovernor> {
  const reports: Report[] = []
  const isTold = [options.database, options.dataFolder, options.memory].some((place) => place !== undefined)
  const store = isTold ? undefined : await takeTestStore()
  const place = store === undefined ? { memory: true } : { database: store.database }
  const governor = await createGovernor({
    ...(isTold ? {} : place),
    ...(isTold || store !== undefined ? { migrate: true } : {}),
    actions: TEST_ACTIONS,
    report: (report) => void reports.push(report),
    ...options,
  })
  const as = (principal: Principal): ControlScope => governor.as({ workspace: 'default', principal })
  const admin = as({ kind: 'user', id: 'root', roles: ['admin'] })
  return {
    governor,
    admin,
    reports,
    agent: (id, source) =>
      governor.as({ workspace: 'default', principal: { kind: 'agent', id, roles: [] }, ...(source && { source }) }),
    user: (id, ...roles) => as({ kind: 'user', id, roles }),
    register: async (id, maturity) => void (await admin.agents.register({ id, maturity, ownerId: 'system' })),
    close: async () => {
      await governor.close()
      await store?.drop()
    },
  }
}
