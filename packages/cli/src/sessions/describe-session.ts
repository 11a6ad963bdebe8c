import { type Intervention, type SessionStep, type SupervisionSession, visibleJson } from '@preceptor/client'
import { listing, table } from '../table.ts'

/** What is known of a session beside the session itself, where it was read with it. */
type Described = SupervisionSession & {
  readonly inFlight?: number
  readonly steps?: readonly SessionStep[]
  readonly interventions?: readonly Intervention[]
}

/** A session for people, with its steps and what was done to it, both in the order in which they came. */
export function describeSession(session: Described): string {
  const { steps = [], interventions = [] } = session
  return [
    listing(factsOf(session)),
    ...(steps.length === 0
      ? []
      : [table(['STEP', 'ACTION', 'RISK', 'STATE', 'ARGS'], steps.toReversed().map(stepRow))]),
    ...(interventions.length === 0
      ? []
      : [
          table(
            ['INTERVENTION', 'BY', 'ASKED FOR', 'REACHED THE RUN', 'WHAT'],
            interventions.toReversed().map(interventionRow),
          ),
        ]),
  ].join('\n\n')
}

/** The state as it is: a pause is said to be one only once nothing is under way. */
export function stateOf({ state, inFlight, pausedBy }: Described): string {
  const underWay = inFlight === undefined || inFlight === 0 ? '' : `, ${inFlight} under way`
  const by = pausedBy === null ? '' : `, by ${pausedBy === 'lease' ? 'nobody watching' : pausedBy}`
  return `${state}${by}${underWay}`
}

/** What a step runs with. */
export function argsOf({ args, correctedArgs }: SessionStep): string {
  return correctedArgs === null ? visibleJson(args) : `${visibleJson(args)} corrected to ${visibleJson(correctedArgs)}`
}

function factsOf(session: Described): readonly (readonly [string, string])[] {
  const { id, agent, run, action, supervisorId, supervisorLeaseExpiresAt: lease, handedTo, rating, endedAt } = session
  return [
    ['Session', id],
    ['Agent', agent],
    ['Run', run],
    ['Begun by', action],
    ['State', stateOf(session)],
    ['Supervisor', supervisorId === null ? 'nobody yet' : `${supervisorId}, until ${lease ?? 'now'} unless renewed`],
    ...(handedTo === null ? [] : [['Handed to', handedTo] as const]),
    ...(endedAt === null ? [] : [['Ended', `${endedAt}: ${session.endReason ?? session.state}`] as const]),
    ...(rating === null ? [] : [['Rated', `${rating} of 5 by ${session.ratedBy ?? 'somebody'}`] as const]),
  ]
}

function stepRow(step: SessionStep): readonly string[] {
  const { id, action, risk, state, objectedBy, endedAt } = step
  const stands = state === 'started' && endedAt !== null ? 'ended' : state
  return [id, action, risk, objectedBy === null ? stands : `${stands}, ${objectedBy} objected`, argsOf(step)]
}

function interventionRow({ type, requestedBy, requestedAt, appliedAt, guidance, step, reason }: Intervention) {
  const what = [guidance, reason, step].filter((part) => part !== null).join('; ')
  return [type, requestedBy, requestedAt, appliedAt ?? 'not yet', what]
}
