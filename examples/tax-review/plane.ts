import type { ControlScope, Role } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { createOrchestration, type OrchestrationOperations, orchestration } from '@preceptor/orchestration'
import { createWorker } from '@preceptor/worker'
import { reviewAction } from './agent.ts'

/** What a plane is opened with. */
export interface PlaneOptions {
  readonly dataFolder: string
  /** Address of the model that reviews. */
  readonly model: string
  /** Address of the tax office, and the token that it wants. */
  readonly office: { readonly url: string; readonly token: string }
}

/** The control plane: the store, the gate, workflows, and the worker that does their steps. */
export interface Plane {
  as(id: string, role: Role): ControlScope & { readonly orchestration: OrchestrationOperations }
  close(): Promise<void>
}

/** Opens it on a folder; what was begun there goes on. */
export async function openPlane({ dataFolder, model, office }: PlaneOptions): Promise<Plane> {
  const governor = await createGovernor({
    dataFolder,
    migrate: true,
    // The office of this example is on this machine.
    outbound: { allow: [office.url] },
    plugins: [
      createOrchestration({
        actions: { 'tax.review': reviewAction(model) },
        apiCalls: { secrets: { office: { value: () => office.token, origins: [office.url] } } },
      }),
    ],
    report: () => undefined,
    // A busy machine is no fault here.
    settings: { deadlineMs: 20_000 },
  })
  const worker = await createWorker(governor)
  return {
    as(id, role) {
      const scope = governor.as({ workspace: 'default', principal: { kind: 'user', id, roles: [role] } })
      return { ...scope, orchestration: scope.plugin(orchestration) }
    },
    async close() {
      await worker.close()
      await governor.close()
    },
  }
}
