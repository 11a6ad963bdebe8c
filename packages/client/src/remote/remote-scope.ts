import type { Decision } from '../port/decision.ts'
import type { Scope } from '../port/governor.ts'
import type { Trigger } from '../port/trigger.ts'
import { askGate, assertOpen, mayAskAgain, prepare, type RemoteContext } from './ask-gate.ts'
import { copyTrigger } from './copy-trigger.ts'
import { assertNoMisuse, assessFault, denyForFault, toFault } from './deny.ts'
import { parseAssessment, parseDecision } from './parse-decision.ts'
import { remoteGuard } from './remote-guard.ts'

/** The gate of another process, bound to a principal in a workspace. */
export function remoteScope(context: RemoteContext): Scope {
  const { workspace, principal, source, request, actions } = context
  return {
    workspace,
    principal,
    source,
    async decide(value, options) {
      const copied = copyTrigger(value)
      const more = options?.claim === true ? { claim: true } : {}
      return denying(context, copied, async (until) => {
        const trigger = await prepare(context, copied, until)
        const ask = { trigger, path: '/triggers', more, until }
        const decided = parseDecision(await askGate(context, ask), trigger)
        return (await mayAskAgain(context, ask, decided))
          ? parseDecision(await askGate(context, ask), trigger)
          : decided
      })
    },
    async check(value) {
      const copied = copyTrigger(value)
      const until = performance.now() + context.deadlineMs
      try {
        const trigger = await prepare(context, copied, until)
        const ask = { trigger, path: '/triggers/check', until }
        const assessed = parseAssessment(await askGate(context, ask), trigger)
        return (await mayAskAgain(context, ask, assessed))
          ? parseAssessment(await askGate(context, ask), trigger)
          : assessed
      } catch (error) {
        const fault = toFault(error)
        assertNoMisuse(fault)
        return assessFault({ trigger: copied, source }, fault)
      }
    },
    guard: (trigger, run, options = {}) => remoteGuard(context, { trigger, run, options }),
    async report(decisionId, outcome) {
      const path = `/decisions/${encodeURIComponent(decisionId)}/outcome`
      const idempotencyKey = globalThis.crypto.randomUUID()
      await request({ method: 'POST', path, body: { ...outcome }, idempotencyKey })
    },
    async registerActions(definitions) {
      assertOpen(context)
      return actions.register(workspace, definitions, request)
    },
    async finish(run, end) {
      const path = `/runs/${encodeURIComponent(run)}/finish`
      await request({ method: 'POST', path, body: { ...end }, repeatable: true })
    },
  }
}

async function denying(
  context: RemoteContext,
  trigger: Trigger,
  work: (until: number) => Promise<Decision>,
): Promise<Decision> {
  try {
    return await work(performance.now() + context.deadlineMs)
  } catch (error) {
    const fault = toFault(error)
    assertNoMisuse(fault)
    return denyForFault({ trigger, source: context.source }, fault)
  }
}
