import type { Assessment, Trigger } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { admit } from './admit.ts'
import type { Attempt } from './attempt.ts'
import { agentsOf } from './attempt.ts'
import { factsAbout } from './current-facts.ts'
import { findGrant } from './find-grant.ts'
import type { Gate } from './gate.ts'
import { checkLimits } from './limits.ts'
import { decisionFacts, deniedBeforeRuling, grantedDecision } from './make-decision.ts'
import { parseTrigger } from './parse-trigger.ts'
import { resolveAction, resolveName } from './resolve-action.ts'
import { ruleWithBypasses } from './rule-with-bypasses.ts'
import { ruledAttempt } from './ruled-attempt.ts'
import type { Ruling } from './ruling.ts'
import { inTime } from './time-left.ts'
import { toFault } from './to-fault.ts'
import { ruleByWatch } from './watched-run.ts'

/** How much of a trigger is known. */
export interface CheckOptions {
  /** The args are not known yet: no schema is asked, and conditions and limits that go by them may say no. Default false. */
  readonly anyArgs?: boolean
}

/**
 * Says how a trigger would be decided now, without any effect and without a record.
 *
 * @throws GovernanceError `INPUT_INVALID` for a trigger that is not one.
 */
export async function check(
  gate: Gate,
  actor: Actor,
  value: Trigger,
  { anyArgs = false }: CheckOptions = {},
): Promise<Assessment> {
  const trigger = parseTrigger(value)
  const started = {
    actor,
    trigger,
    keyed: trigger.idempotencyKey !== undefined,
    idempotencyKey: trigger.idempotencyKey ?? '',
    decisionId: '',
    decidedAt: isoTime(gate.context.clock.now()),
    startedAt: gate.context.clock.monotonic(),
  }
  try {
    admit(gate, actor, { trigger, operation: 'triggers.check' })
    return await inTime(gate.context, started, assess(gate, started, anyArgs))
  } catch (error) {
    const fault = toFault(error)
    return assessment(deniedBeforeRuling(started, { code: fault.code, reason: fault.message }))
  }
}

async function assess(gate: Gate, started: Omit<Attempt, 'resolution'>, anyArgs: boolean): Promise<Assessment> {
  const { database, settings } = gate.context
  const { actor, trigger } = started
  const attempt = {
    ...started,
    resolution: await (anyArgs ? resolveName : resolveAction)(gate.registry, actor.workspace, trigger),
  }
  return inWorkspace(
    database,
    { workspace: attempt.actor.workspace, deadlineMs: settings.deadlineMs, named: true },
    async (tx) => {
      const facts = await factsAbout(gate, tx, { agents: agentsOf(attempt.trigger), hold: false })
      const { policy } = facts
      const limits = await checkLimits(tx, { context: gate.context, attempt, policy })
      const ruling = await ruleByWatch(gate, tx, {
        attempt,
        ruling: await ruleWithBypasses(gate, tx, { attempt, facts, limits }),
      })
      const stated = decisionFacts(attempt, ruling, policy.version)
      if (ruling.route === 'proposal') {
        const grant = await findGrant(gate, tx, { ruled: ruledAttempt(attempt, ruling, facts), hold: false })
        if (grant !== undefined) return assessment({ ...grantedDecision(stated, grant), code: null })
      }
      const bypass = ruling.bypass === null ? {} : { bypass: ruling.bypass }
      return assessment({ ...stated, ...bypass, route: ruling.route, code: codeOf(ruling) })
    },
  )
}

function codeOf({ route, code }: Ruling): Assessment['code'] {
  if (route === 'proposal') return 'APPROVAL_REQUIRED'
  return route === 'training' ? 'TRAINING_REQUIRED' : code
}

function assessment({ id: _, ...rest }: Assessment & { readonly id: string }): Assessment {
  return rest
}
