import type { Governor } from '@preceptor/client'
import type { ContractAttempt, TestGovernor } from '@preceptor/core/testing'
import { type Adapter, runContract } from './run-contract.ts'

const CENTS = { type: 'object', properties: { cents: { type: 'integer' } }, required: ['cents'] } as const

function adapt(_test: TestGovernor, own: Governor): Adapter {
  const steering = new Error('The host pauses here.')
  return {
    controlFlow: () => steering,
    async attempt({
      agent,
      action,
      args = {},
      key,
      needsCents,
      risk,
      signal,
      tamper,
      governor = own,
      effect,
    }: ContractAttempt) {
      try {
        const scope = governor.as({ workspace: 'default', principal: { kind: 'agent', id: agent, roles: [] } })
        const definition = { ...(needsCents && { args: CENTS }), ...(risk && { risk }) }
        const registered = await scope.registerActions(Object.fromEntries([[action, definition]]))
        const trigger = {
          agent,
          action,
          args,
          digest: registered[0]?.digest ?? '',
          ...(key && { idempotencyKey: key }),
        }
        const isControlFlow = (error: unknown): boolean => error === steering
        const guarded = scope.guard(trigger, effect, { isControlFlow, ...(signal && { signal }) })
        Object.assign(args, tamper)
        await guarded
        return {}
      } catch (thrown) {
        return { thrown }
      }
    },
  }
}

runContract('guard', adapt)
