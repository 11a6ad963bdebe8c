import type { ControlScope, GuardOptions, GuardResult, JsonObject, Maturity } from '@preceptor/client'
import { createGovernor, type EmbeddedGovernor, type GovernorOptions } from '@preceptor/core'
import type { GovernorPlugin } from '@preceptor/core/plugin'
import { afterAll, beforeAll } from 'vitest'
import { type ActionHost, type OrchestrationAction, openActions } from './orchestration-action.ts'

const ADMIN = { workspace: 'default', principal: { kind: 'user', id: 'ada', roles: ['admin'] } } as const
const ENGINE = { workspace: 'default', principal: { kind: 'system', id: 'workflows', roles: [] } } as const

/** Actions on a real governor, attempted as workflows do. */
export interface GovernedActions {
  readonly governor: EmbeddedGovernor
  readonly admin: ControlScope
  /** Registers an agent of that maturity under a name of its own. */
  agent(maturity: Maturity): Promise<string>
  /** Guards one attempt by the executor of the action. */
  attempt(action: string, args: JsonObject, options?: AttemptOptions): Promise<GuardResult<unknown>>
}

/** What may be said of an attempt. */
export interface AttemptOptions extends GuardOptions {
  /** Default: an autonomous one. */
  readonly agent?: string
  readonly idempotencyKey?: string
}

/** Opens a governor with actions for the tests of a file. */
export function useActions(
  make: (host: ActionHost) => Readonly<Record<string, OrchestrationAction>>,
  options: () => GovernorOptions = () => ({}),
): GovernedActions {
  let opened: EmbeddedGovernor | undefined
  let actions: ReturnType<typeof openActions> = {}
  let agents = 0
  let attempts = 0
  const probe: GovernorPlugin = {
    port: { name: 'probe', connect: () => ({}) },
    permissions: {},
    migrations: [],
    open(host) {
      actions = openActions(make(host.context), host.context)
      return { scope: () => ({}), jobs: {}, actions }
    },
  }
  beforeAll(async () => {
    // The machine that runs the tests may be busy: what is tested here is not the deadline.
    const settings = { deadlineMs: 20_000 }
    opened = await createGovernor({
      report: () => undefined,
      settings,
      plugins: [probe],
      ...options(),
    })
  })
  afterAll(() => opened?.close())
  return {
    get governor() {
      if (opened === undefined) throw new Error('The governor is open inside tests only.')
      return opened
    },
    get admin() {
      return this.governor.as(ADMIN)
    },
    async agent(maturity) {
      agents += 1
      return (await this.admin.agents.register({ id: `${maturity}-${agents}`, maturity })).id
    },
    async attempt(action, args, { agent, idempotencyKey, ...rest } = {}) {
      attempts += 1
      const id = agent ?? (await this.agent('autonomous'))
      const scope = this.governor.as({ ...ENGINE, source: 'workflow_engine' })
      const execute = actions[action]?.execute
      if (execute === undefined) throw new Error(`There is no executor of ${action}.`)
      return scope.guard(
        { agent: id, action, args, idempotencyKey: idempotencyKey ?? `try-${attempts}` },
        execute,
        rest,
      )
    },
  }
}
