import type { ActionDefinitions, ControlScope, Role } from '@preceptor/client'
import { createGovernor, type EmbeddedGovernor, type GovernorOptions } from '@preceptor/core'
import {
  createOrchestration,
  type OrchestrationOperations,
  type OrchestrationOptions,
  orchestration,
  type WorkflowDefinition,
  type WorkflowRunDetail,
} from '@preceptor/orchestration'

/** A governor with workflows, whose clock can be moved, and what its actions did. */
export interface WorkflowPlane {
  readonly governor: EmbeddedGovernor
  readonly admin: OrchestrationOperations
  readonly port: typeof orchestration
  scope(role: Role, id?: string, workspace?: string): ControlScope
  as(role: Role, id?: string, workspace?: string): OrchestrationOperations
  /** Registers an agent of the system at a level. */
  agent(id: string, maturity: 'student' | 'intern' | 'supervised' | 'autonomous'): Promise<void>
  /** Writes a workflow and starts a run of it. */
  start(definition: Partial<WorkflowDefinition> & Pick<WorkflowDefinition, 'steps'>, input?: object): Promise<string>
  /** Does what a worker would do now, until nothing is due any more. */
  work(): Promise<void>
  /** The run as it stands after that. */
  after(run: string): Promise<WorkflowRunDetail>
  /** Moves the clock ahead, in milliseconds. */
  pass(milliseconds: number): void
  /** What the clock shows, in milliseconds. */
  now(): number
  /** Kinds of what the journal tells of a record, oldest first. */
  told(subject: string): Promise<readonly string[]>
}

let names = 0

/** Opens one; the governor is closed by whoever opened it. */
export async function openWorkflowPlane({
  actions = {},
  orchestration: options = {},
  ...governing
}: GovernorOptions & {
  readonly actions?: ActionDefinitions
  readonly orchestration?: OrchestrationOptions
} = {}): Promise<WorkflowPlane> {
  const clock = { ahead: 0, now: () => Date.now() + clock.ahead, monotonic: () => performance.now() }
  const governor = await createGovernor({
    memory: governing.database === undefined && governing.dataFolder === undefined,
    workspaces: ['default', 'other'],
    plugins: [createOrchestration(options)],
    actions,
    report: () => undefined,
    clock,
    ...governing,
  })
  const scope = (role: Role, id: string = role, workspace = 'default') =>
    governor.as({ workspace, principal: { kind: 'user', id, roles: [role] } })
  const admin = scope('admin').plugin(orchestration)
  const plane: WorkflowPlane = {
    governor,
    admin,
    port: orchestration,
    scope,
    as: (role, id, workspace) => scope(role, id, workspace).plugin(orchestration),
    agent: async (id, maturity) => void (await scope('admin').agents.register({ id, maturity, ownerId: 'system' })),
    async start(definition, input = {}) {
      names += 1
      const { id } = await admin.workflows.create({ name: `workflow ${names}`, agent: 'worker-bot', ...definition })
      return (await admin.runs.execute(id, { input: input as never })).id
    },
    work: () => governor.jobs.run('orchestration-step', {}),
    async after(run) {
      for (let look = 0; look < 50; look += 1) {
        await plane.work()
        const found = await admin.runs.get(run)
        if (found.endedAt !== null || found.state === 'waiting') return found
      }
      return admin.runs.get(run)
    },
    pass(milliseconds) {
      clock.ahead += milliseconds
    },
    now: () => clock.now(),
    async told(subject) {
      const { items } = await scope('admin').journal.list({ subject, limit: 100 } as never)
      return items.filter((entry) => entry.subjectId === subject).map(({ kind }) => kind)
    },
  }
  return plane
}
