import type { Grant, GrantRequest, GuardCall, GuardResult, JsonObject, Trigger } from '@preceptor/client'
import type { TestGovernor } from '../testing/test-governor.ts'

/** What a grant of these tests is, where nothing else is said. */
export function grantRequest(extra: Partial<GrantRequest> = {}): GrantRequest {
  return {
    agent: 'bot',
    action: 'refund.create',
    matcher: { args: { cents: { atMost: 100 } } },
    uses: 2,
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    reason: 'Small ones are fine.',
    ...extra,
  }
}

/** Makes a grant as somebody who has nothing to do with the agent. */
export const grantTo = (test: TestGovernor, extra: Partial<GrantRequest> = {}): Promise<Grant> =>
  test.user('ana', 'supervisor').grants.create(grantRequest(extra))

/** Attempts an action as its agent, under a guard. */
export function attempt(test: TestGovernor, extra: Partial<Trigger> = {}): Promise<GuardResult<JsonObject>> {
  const trigger = { agent: 'bot', action: 'refund.create', args: { cents: 5 }, ...extra }
  return test.agent(trigger.agent).guard(trigger, ({ args }: GuardCall) => args)
}
