import { type Decision, GovernanceError, type GuardResult, type Identity, type StoredOutcome } from '@preceptor/client'
import type { EmbeddedGovernor } from '@preceptor/core'
import type { Answer } from '../history.ts'
import { type Operation, SAFE } from '../workload.ts'
import type { Append } from './log.ts'
import { realTime } from './machine-clock.ts'
import { type EffectCall, Interrupted, type Tool } from './tool.ts'

/** What attempts stand on. */
export interface AttemptPorts {
  readonly process: string
  readonly governor: EmbeddedGovernor
  readonly tool: Tool
  readonly log: Append
}

type Attempt = Extract<Operation, { readonly kind: 'guard' | 'claim' | 'decide' }>

/** Attempts an action as an agent or a person would, and writes down what came of it. */
export async function attemptAction(ports: AttemptPorts, attempt: Attempt): Promise<void> {
  const invokedAt = realTime()
  try {
    const scope = ports.governor.as(identityOf(attempt))
    const trigger = triggerOf(attempt)
    if (attempt.kind === 'claim' && !SAFE.has(attempt.action)) {
      await claimAndReport(ports, { attempt, invokedAt, decision: await scope.decide(trigger, { claim: true }) })
      return
    }
    if (attempt.kind === 'decide') {
      const decision = await scope.decide(trigger)
      record(ports, { attempt, invokedAt, status: 'withheld', decision, recorded: false, nonce: null })
      return
    }
    const result = await scope.guard(
      trigger,
      ({ args, decision, idempotencyKey, attempt: number, checkpoint, guidance }) => {
        const told = hear(ports, attempt, decision)
        told(guidance)
        return ports.tool.act(
          {
            ...callOf(attempt, decision, invokedAt),
            args,
            key: idempotencyKey,
            attempt: number,
            checkpoint: async () => told((await checkpoint()).guidance),
          },
          attempt.tool,
        )
      },
      { isControlFlow: (error) => error instanceof Interrupted },
    )
    record(ports, { attempt, invokedAt, ...readResult(result) })
  } catch (error) {
    record(ports, { attempt, invokedAt, status: 'threw', decision: null, recorded: false, nonce: null, error })
  }
}

/** Writes down what a run was told by who watches it. */
function hear({ log }: AttemptPorts, { workspace }: Attempt, decision: Decision): (said: readonly string[]) => void {
  const session = sessionOf(decision)
  return (said) => {
    for (const guidance of said) log({ line: 'told', workspace, session, guidance })
  }
}

function sessionOf(decision: Decision): string | null {
  return decision.route === 'supervision' ? decision.session.id : null
}

interface Claimed {
  readonly attempt: Attempt
  readonly invokedAt: number
  readonly decision: Decision
}

/** As a host that cannot put the run inside a guard. */
async function claimAndReport(ports: AttemptPorts, { attempt, invokedAt, decision }: Claimed): Promise<void> {
  if (decision.route !== 'execution') {
    return record(ports, { attempt, invokedAt, status: 'withheld', decision, recorded: false, nonce: null })
  }
  const scope = ports.governor.as(identityOf(attempt))
  const key = attempt.key ?? decision.id
  const call = { ...callOf(attempt, decision, invokedAt), args: attempt.args, key, attempt: 0, checkpoint: null }
  let outcome: StoredOutcome
  let nonce: string | null = null
  try {
    const value = await ports.tool.act(call, { ...attempt.tool, checks: false })
    nonce = value.nonce
    outcome = { status: 'succeeded', value, stored: true }
  } catch (error) {
    outcome = { status: 'failed', message: String(error) }
  }
  await scope.report(decision.id, outcome)
  const status = outcome.status === 'succeeded' ? 'executed' : 'threw'
  record(ports, { attempt, invokedAt, status, decision, recorded: true, nonce })
}

interface Outcome extends Pick<Answer, 'status' | 'recorded' | 'nonce'> {
  readonly attempt: Attempt
  readonly invokedAt: number
  readonly decision: Decision | null
  readonly error?: unknown
}

function record({ log, process }: AttemptPorts, { attempt, decision, error, ...rest }: Outcome): void {
  const { workspace, agent, action, key } = attempt
  const answer: Answer = {
    ...rest,
    process,
    workspace,
    agent,
    action,
    key,
    at: realTime(),
    decision: decision?.id ?? null,
    route: decision?.route ?? null,
    maturity: decision?.maturity ?? null,
    code: codeOf(decision, error),
  }
  log({ line: 'answer', ...answer })
}

function codeOf(decision: Decision | null, error: unknown): string | null {
  if (GovernanceError.isInstance(error)) return error.code
  if (error !== undefined) return error instanceof Error ? error.name : 'thrown'
  return decision !== null && 'code' in decision ? decision.code : null
}

function readResult(
  result: GuardResult<{ readonly nonce: string }>,
): Pick<Outcome, 'status' | 'decision' | 'recorded' | 'nonce'> {
  switch (result.status) {
    case 'executed':
      return { ...result, nonce: result.value.nonce }
    case 'replayed':
      return { ...result, recorded: false, nonce: nonceOf(result.outcome) }
    case 'withheld':
      return { ...result, recorded: false, nonce: null }
    default:
      return result satisfies never
  }
}

function nonceOf(outcome: StoredOutcome): string | null {
  if (outcome.status === 'failed') return null
  const value: unknown = outcome.value
  return typeof value === 'object' && value !== null && 'nonce' in value ? String(value.nonce) : null
}

function identityOf({ workspace, agent, manual }: Attempt): Identity {
  if (manual) return { workspace, principal: { kind: 'user', id: 'mona', roles: ['supervisor'] } }
  return { workspace, principal: { kind: 'agent', id: agent, roles: [] } }
}

function triggerOf({
  agent,
  action,
  args,
  key,
  type,
  run,
}: Attempt): Parameters<ReturnType<EmbeddedGovernor['as']>['decide']>[0] {
  const optional = {
    ...(key === null ? {} : { idempotencyKey: key }),
    ...(type === null ? {} : { type }),
    ...(run === null ? {} : { run }),
  }
  return { agent, action, args, ...optional }
}

function callOf(
  { workspace, agent, action, key }: Attempt,
  decision: Decision,
  invokedAt: number,
): Omit<EffectCall, 'args' | 'key' | 'attempt' | 'checkpoint'> {
  // Only safe runs of autonomous agents go before their decision is on record.
  const looks = !(SAFE.has(action) && decision.maturity === 'autonomous')
  return {
    workspace,
    agent,
    action,
    keyed: key !== null,
    decision: decision.id,
    invokedAt,
    session: sessionOf(decision),
    looks,
  }
}
