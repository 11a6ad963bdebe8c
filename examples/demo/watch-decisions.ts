import type { Decision, Governor, Scope } from '@preceptor/client'

type Tell = (decision: Decision, ran: boolean) => void

/** The same governor, which tells of every decision at the moment its caller learns of it. */
export function watchDecisions(governor: Governor, tell: Tell): Governor {
  return {
    as: (identity) => watchScope(governor.as(identity), tell),
    authenticate: (credential) => governor.authenticate(credential),
    close: () => governor.close(),
  }
}

function watchScope(scope: Scope, tell: Tell): Scope {
  return {
    ...scope,
    async guard(trigger, run, options) {
      const told: Parameters<typeof run>[0][] = []
      const result = await scope.guard(
        trigger,
        (call) => {
          told.push(call)
          tell(call.decision, true)
          return run(call)
        },
        options,
      )
      if (told.length === 0) tell(result.decision, false)
      return result
    },
  }
}
