import { GovernanceError, type InterventionRequest, type SupervisionSessionDetail } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { parseReason } from '../access/parse-reason.ts'
import { personText } from '../access/person-text.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { assertJsonObject } from '../kernel/json-guard.ts'
import type { Gate } from '../routing/gate.ts'
import { correctSession } from './correct-session.ts'
import { endSessionIn } from './end-session.ts'
import { assertGoesOn, assertHolder, assertNotInvolved, getHeldSession } from './held-session.ts'
import { noteSession } from './note-session.ts'
import { pauseSession } from './pause-session.ts'
import { readDetail } from './read-session.ts'
import { recordIntervention } from './record-intervention.ts'
import { moveSession } from './store.ts'
import { tellSession } from './tell-session.ts'

const reason = personText(1_000)
const request = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('pause'), reason: reason.optional() }),
  z.strictObject({ type: z.literal('resume'), reason: reason.optional() }),
  z.strictObject({
    type: z.literal('correct'),
    guidance: personText(4_000).exactOptional(),
    args: z.looseObject({}).exactOptional(),
    step: z.string().min(1).max(128).exactOptional(),
  }),
  z.strictObject({ type: z.literal('terminate'), reason }),
])
type Request = z.output<typeof request>

/**
 * Pauses, resumes, corrects or terminates a supervised run, in whatever process it is.
 *
 * @throws GovernanceError `CONFLICT` in a state that does not allow it, `ARGS_INVALID` for args that do not fit the step,
 * `INPUT_INVALID`, `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function intervene(
  gate: Gate,
  actor: Actor,
  input: { readonly id: string; readonly intervention: InterventionRequest },
): Promise<SupervisionSessionDetail> {
  authorize(actor, 'sessions.intervene')
  const wanted = parseInput(request, input.intervention, 'intervention')
  const { context } = gate
  if (wanted.type === 'correct') {
    const { args, ...said } = wanted
    const sent = args === undefined ? {} : { args: assertJsonObject(args, { name: 'args' }) }
    return correctSession(gate, actor, { ...said, ...sent, id: input.id })
  }
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const session = await getHeldSession(tx, input.id)
    assertGoesOn(session)
    assertHolder(actor, session, context.clock.now())
    await APPLY[wanted.type](context, tx, { actor, session, reason: wanted.reason ?? null })
    const at = isoTime(context.clock.now())
    await recordIntervention(context, tx, {
      id: context.ids.next('itv'),
      session: session.id,
      agent: session.agent,
      type: wanted.type,
      guidance: null,
      args: null,
      step: null,
      reason: wanted.reason ?? null,
      by: actorName(actor),
      at,
      applied: true,
    })
    if (wanted.type === 'pause') await context.failpoint('pause.before_commit')
    return readDetail(tx, session.id)
  })
}

interface Application {
  readonly actor: Actor
  readonly session: Awaited<ReturnType<typeof getHeldSession>>
  readonly reason: string | null
}

const APPLY: Readonly<
  Record<Exclude<Request['type'], 'correct'>, (context: GovernorContext, tx: Tx, asked: Application) => Promise<void>>
> = {
  async pause(context, tx, { actor, session, reason: why }) {
    const shown = why === null ? null : redactText(why)
    if (!(await pauseSession(context, tx, { session, actor, reason: shown }))) throw notIn(session, 'paused')
  },
  async resume(context, tx, { actor, session, reason: why }) {
    await assertNotInvolved(tx, actor, session.agent)
    const move = { id: session.id, from: ['pausing', 'paused'], to: 'running', pausedBy: null } as const
    if (!(await moveSession(tx, move))) throw notIn(session, 'resumed')
    const body = { reason: why === null ? null : redactText(why) }
    await tellSession(context, tx, { session, kind: 'supervision_session.resumed', actor, body })
  },
  async terminate(context, tx, { actor, session, reason: why }) {
    const said = parseReason(why)
    const ending = { sessionId: session.id, state: 'terminated', reason: said, actor } as const
    await endSessionIn(context, tx, ending)
    await noteSession(context, tx, { session, actor, evidence: { kind: 'termination' }, reason: said })
  },
}

function notIn(session: Application['session'], what: string): GovernanceError {
  return new GovernanceError('CONFLICT', {
    message: `The session ${session.id} is ${session.state}: it cannot be ${what}.`,
    details: { state: session.state },
  })
}
