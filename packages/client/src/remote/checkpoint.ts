import { GovernanceError } from '../errors/governance-error.ts'
import type { RemoteCheckpointed } from '../port/remote-guard.ts'
import { parseWatch } from './parse-remote-answer.ts'
import type { PermittedRun } from './permitted-run.ts'
import { answerInvalid, isJsonObject } from './read-answer.ts'

/** A request waits so long for a supervisor at most; then it is sent again. */
const WATCH_MS = 1_000

/** Asks whether a run may go on. */
export interface Checkpoint {
  /** Renews the claim; whether somebody watches is not asked. */
  renew(deadlineMs?: number): Promise<void>
  /** Asks also whether the run is watched, where it must be, and waits for that; gives what a supervisor said. */
  check(): Promise<readonly string[]>
}

/** Makes the checkpoint of a run; what it throws says why the run must not go on. */
export function checkpointOf({ call, decision, trigger, request }: PermittedRun, attachWithinMs: number): Checkpoint {
  const ask = async (watchWithinMs: number | undefined, deadlineMs?: number): Promise<RemoteCheckpointed> => {
    const { agent, delegation } = trigger
    const claim =
      call.claim === null ? null : { fence: call.claim.fence, epochs: call.claim.epochs.map((one) => ({ ...one })) }
    const body = {
      agent,
      claim,
      ...(delegation === undefined ? {} : { delegation }),
      ...(watchWithinMs === undefined ? {} : { watchWithinMs }),
    }
    const path = `/decisions/${encodeURIComponent(decision.id)}/checkpoint`
    const answer = await request({
      method: 'POST',
      path,
      body,
      // What a supervisor said comes with one answer alone, so that an answer that is lost is asked for once more.
      ...(watchWithinMs === undefined ? { repeatable: true } : { idempotencyKey: globalThis.crypto.randomUUID() }),
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    }).catch((error: unknown) => {
      // The claim of this decision is gone: another attempt took it over.
      const isLost = GovernanceError.isInstance(error) && error.code === 'NOT_FOUND'
      throw isLost ? new GovernanceError('EXECUTION_FENCED') : error
    })
    if (isJsonObject(answer) && typeof answer.watched === 'boolean') {
      return { watched: answer.watched, held: answer.held === true, ...parseWatch(answer) }
    }
    throw answerInvalid('it does not say whether the run may go on')
  }
  return {
    renew: async (deadlineMs) => void (await ask(undefined, deadlineMs)),
    async check() {
      if (decision.route !== 'supervision') return (await ask(undefined)).guidance
      let until = performance.now() + attachWithinMs
      const heard: string[] = []
      for (;;) {
        const askedAt = performance.now()
        const left = Math.max(0, until - askedAt)
        const { watched, held, guidance, watchedMs } = await ask(Math.ceil(Math.min(left, WATCH_MS)))
        heard.push(...guidance)
        // The answer may have come so late that nobody watches any more.
        if (watched && (watchedMs === null || performance.now() - askedAt < watchedMs)) return heard
        if (held) until = performance.now() + attachWithinMs
        if (left === 0 && !held && !watched) {
          throw new GovernanceError('SUPERVISOR_REQUIRED', { message: 'Nobody watches the run any more.' })
        }
      }
    },
  }
}
