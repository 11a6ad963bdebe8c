import type { ControlScope, Role } from '@preceptor/client'
import { createGovernor, type EmbeddedGovernor, type GovernorOptions } from '@preceptor/core'
import { createLearning, type LearningOperations, type LearningOptions, learning } from '@preceptor/learning'
import { modelAt } from './models.ts'
import type { RefundCase, RuleServer } from './rule-server.ts'

/** A governor with learning, whose model is a server of rules. */
export interface LearningPlane {
  readonly governor: EmbeddedGovernor
  as(role: Role, workspace?: string): ControlScope
  readonly admin: LearningOperations
  /** Does what a worker would do, until nothing is due any more. */
  work(): Promise<void>
  /** Teaches so many questions about each refund case. */
  teach(cases: readonly RefundCase[], times: number): Promise<void>
}

const JOBS = ['train', 'trial', 'settle-run', 'settle-experiment'] as const

/** Opens one. */
export async function openLearningPlane(
  server: Pick<RuleServer, 'url'> | null,
  { learning: options = {}, ...governing }: GovernorOptions & { readonly learning?: LearningOptions } = {},
): Promise<LearningPlane> {
  const model = server === null ? {} : { improver: modelAt(server) }
  const governor = await createGovernor({
    memory: governing.database === undefined,
    workspaces: ['default', 'other'],
    plugins: [createLearning({ ...model, automatic: false, ...options })],
    report: () => undefined,
    ...governing,
  })
  const as = (role: Role, workspace = 'default') =>
    governor.as({ workspace, principal: { kind: 'user', id: role, roles: [role] } })
  const admin = as('admin').plugin(learning)
  await as('admin').agents.register({ id: 'refund-bot', maturity: 'intern', ownerId: 'system' })
  return {
    governor,
    as,
    admin,
    async work() {
      for (const job of JOBS) await governor.jobs.run(`learning-${job}`, {})
    },
    async teach(cases, times) {
      const lines = cases.flatMap(({ task, right, wrong, id }) =>
        Array.from({ length: times }, (_, index) =>
          JSON.stringify({
            agentType: 'generic',
            input: `Customer ${index + 1} asks: ${task}`,
            output: wrong,
            correction: right,
            tags: [id],
          }),
        ),
      )
      await admin.examples.import(lines.join('\n'))
    },
  }
}
